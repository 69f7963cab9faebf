import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import type { HostPicture } from '../media-host.ts';
import { PictureHold } from './picture-hold.ts';

/** Pictures that say their number by their width. */
const picture = (number: number): HostPicture => ({ width: number, height: 2, data: new Uint8Array(0) });

function held() {
  const clock = new VirtualClock();
  const came: { readonly number: number; readonly at: number }[] = [];
  const hold = new PictureHold(clock, ({ width }) => came.push({ number: width, at: clock.now() }));
  let sent = 0;
  /** Pictures every 40 ms. Returns how long each waited. */
  const send = async (count: number) => {
    const first = sent;
    const start = clock.now();
    for (; sent < first + count; sent++) {
      hold.take(picture(sent));
      await clock.advance(40);
    }
    await clock.advance(100);
    return came.splice(0).map(({ number, at }, index) => {
      expect(number).toBe(first + index);
      return at - start - index * 40;
    });
  };
  return { clock, hold, send, came };
}

test('pictures pass at once while nothing is known of their sound', async () => {
  const { send, clock } = held();
  expect(await send(10)).toEqual(Array(10).fill(0));
  expect(clock.timers).toBe(0);
});

test('the wait changes by 20 ms a second and stays at what was asked for, both ways, in order', async () => {
  const { hold, send } = held();
  await send(1);
  hold.aim(30);
  const later = await send(60);
  for (const [index, waited] of later.entries()) {
    expect(waited - (later[index - 1] ?? 0)).toBeLessThanOrEqual(3);
    expect(waited).toBeGreaterThanOrEqual(later[index - 1] ?? 0);
  }
  expect(later.at(-1)).toBeCloseTo(30, 0);
  hold.aim(0);
  const sooner = await send(60);
  expect(sooner.at(-1)).toBe(0);
  expect(Math.max(...sooner)).toBeLessThanOrEqual(31);
});

test('none waits longer than 60 ms, nor a time below none', async () => {
  const { hold, send } = held();
  hold.aim(500);
  const waited = await send(120);
  expect(Math.max(...waited)).toBeGreaterThan(58);
  expect(Math.max(...waited)).toBeLessThanOrEqual(61);
  hold.aim(-500);
  expect((await send(120)).at(-1)).toBe(0);
});

test('what waits is forgotten with whoever wanted it', async () => {
  const { hold, send, clock, came } = held();
  hold.aim(60);
  await send(120);
  hold.take(picture(1));
  hold.clear();
  await clock.advance(200);
  expect(came).toEqual([]);
  expect(clock.timers).toBe(0);
});
