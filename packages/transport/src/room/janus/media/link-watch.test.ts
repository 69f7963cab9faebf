import { VirtualClock } from '@sluice/core/testing';
import { expect, it } from 'vitest';
import { LinkWatch } from './link-watch.ts';

function watched() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const tell = (what: string) => () => void told.push(`${clock.now()} ${what}`);
  const watch = new LinkWatch({
    clock,
    restart: tell('restart'),
    rebuild: tell('rebuild'),
    changed: (state) => tell(state)(),
  });
  return { clock, watch, told };
}

it('mends a connection that does not come up, though nobody says that it failed', async () => {
  const { clock, watch, told } = watched();
  watch.renew();
  await clock.advance(60_000);
  expect(told).toEqual([]);
  watch.negotiated();
  await clock.advance(21_000);
  expect(told).toEqual(['65000 restart', '69000 restart', '73000 restart', '77000 rebuild', '81000 restart']);
});

it('leaves one alone that came up, and one that is closed', async () => {
  const { clock, watch, told } = watched();
  watch.renew();
  watch.negotiated();
  await clock.advance(4_999);
  watch.state('connected');
  watch.negotiated();
  await clock.advance(60_000);
  watch.renew();
  watch.negotiated();
  watch.close();
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

it('restarts a broken one after a second, and tells when it passes again', async () => {
  const { clock, watch, told } = watched();
  watch.renew();
  watch.state('connected');
  watch.state('disconnected');
  await clock.advance(1_500);
  watch.state('connected');
  await clock.advance(60_000);
  expect(told).toEqual(['0 interrupted', '1000 restart', '1500 connected']);
});

it('gives the next connection as long to come up as the first one, however long it is broken', async () => {
  const { clock, watch, told } = watched();
  watch.down();
  await clock.advance(900);
  watch.renew();
  await clock.advance(5_100);
  expect(told).toEqual(['0 interrupted', '5900 restart']);
});
