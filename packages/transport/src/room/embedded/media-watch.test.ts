import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { MediaWatch } from './media-watch.ts';

let clock: VirtualClock;
let restarts: number[];
let changes: string[];
let watch: MediaWatch;
let received: number;

beforeEach(() => {
  clock = new VirtualClock();
  restarts = [];
  changes = [];
  received = 0;
  watch = new MediaWatch({
    clock,
    restart: () => restarts.push(clock.now()),
    onChange: (state) => changes.push(`${state} ${clock.now()}`),
  });
});

/** Packets as the engine reports them, every 250 ms. */
const flow = async (ms: number, arriving = true) => {
  for (let passed = 0; passed < ms; passed += 250) {
    await clock.advance(250);
    if (arriving) received += 12;
    watch.packets(received);
  }
};
const connect = async () => {
  watch.expect(true);
  watch.state('connecting');
  watch.state('connected');
  await flow(1_000);
};

test('packets that flow are no cause for anything', async () => {
  await connect();
  await flow(60_000);
  expect(changes).toEqual([]);
  expect(watch.alive).toBe(true);
});

test('1.5 s without packets is a broken path, restarted at once and again until packets flow', async () => {
  await connect();
  await flow(16_000, false);
  expect(changes).toEqual(['interrupted 2500']);
  expect(restarts.map((at) => at - 2_500)).toEqual([0, 12_000, 14_000]);
  expect(watch.alive).toBe(false);
  watch.retry();
  expect(restarts).toHaveLength(4);
  await flow(250);
  expect(changes).toEqual(['interrupted 2500', 'connected 17250']);
  watch.retry();
  const before = restarts.length;
  await flow(5_000);
  expect(restarts).toHaveLength(before);
});

test('a peer that sends nothing on purpose is not a broken path', async () => {
  await connect();
  watch.expect(false);
  await flow(60_000, false);
  expect(changes).toEqual([]);
  watch.expect(true);
  await flow(1_250, false);
  expect(changes).toEqual([]);
  await flow(500, false);
  expect(changes).toHaveLength(1);
});

test('without media the engine’s own verdict counts', async () => {
  watch.state('connected');
  await clock.advance(60_000);
  watch.state('disconnected');
  expect(changes).toEqual(['interrupted 60000']);
  watch.state('connected');
  expect(changes.at(-1)).toBe('connected 60000');
});

test('a connection that does not come up is helped after 4 s', async () => {
  watch.expect(true);
  watch.state('connecting');
  await clock.advance(3_999);
  expect(restarts).toEqual([]);
  await clock.advance(1);
  await clock.advance(0);
  expect(restarts).toEqual([4_000]);
});

test('a closed watch leaves no timer', async () => {
  await connect();
  await flow(2_000, false);
  watch.close();
  expect(clock.timers).toBe(0);
});

test('a blocked event loop is not taken for a broken path', () => {
  let now = 0;
  const timers: { readonly time: number; readonly callback: () => void }[] = [];
  const late = new MediaWatch({
    clock: {
      now: () => now,
      at: (time, callback) => {
        timers.push({ time, callback });
        return () => {};
      },
      track: (work) => work,
    },
    restart: () => {},
    onChange: (state) => changes.push(state),
  });
  late.expect(true);
  late.state('connected');
  late.packets(1);
  // Three seconds of nothing but another program's work; then the timers, then what the engine had to tell.
  now = 3_000;
  timers.at(-1)!.callback();
  late.packets(150);
  now = timers.at(-1)!.time;
  timers.at(-1)!.callback();
  expect(changes).toEqual([]);
  now += 1_500;
  timers.at(-1)!.callback();
  timers.at(-1)!.callback();
  expect(changes).toEqual(['interrupted']);
});

test('silence on a broken path is nobody, sound on it says that it is whole', async () => {
  const silence = new Int16Array(480);
  const sound = new Int16Array(480).fill(5, 479);
  await connect();
  expect([watch.hears(silence), watch.hears(sound)]).toEqual([true, true]);
  await flow(2_000, false);
  expect([watch.broken, watch.hears(silence), watch.broken]).toEqual([true, false, true]);
  expect([watch.hears(sound), watch.broken, watch.hears(silence)]).toEqual([true, false, true]);
  expect(changes).toEqual(['interrupted 2500', 'connected 3000']);
});
