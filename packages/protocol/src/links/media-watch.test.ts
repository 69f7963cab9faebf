import { beforeEach, expect, test } from 'vitest';
import { VirtualTimers } from '../../test/virtual-timers.ts';
import { MediaWatch } from './media-watch.ts';

let clock: VirtualTimers;
let restarts: number[];
let changes: string[];
let watch: MediaWatch;
let received: number;

beforeEach(() => {
  clock = new VirtualTimers();
  restarts = [];
  changes = [];
  received = 0;
  watch = new MediaWatch({
    now: clock.now,
    after: clock.after,
    restart: () => restarts.push(clock.now()),
    onChange: (state) => changes.push(`${state} ${clock.now()}`),
  });
});

/** Packets as the engine reports them, every 250 ms. */
const flow = (ms: number, arriving = true) => {
  for (let passed = 0; passed < ms; passed += 250) {
    clock.advance(250);
    if (arriving) received += 12;
    watch.packets(received);
  }
};
const connect = () => {
  watch.expect(true);
  watch.state('connecting');
  watch.state('connected');
  flow(1_000);
};

test('packets that flow are no cause for anything', () => {
  connect();
  flow(60_000);
  expect(changes).toEqual([]);
  expect(watch.alive).toBe(true);
});

test('1.5 s without packets is a broken path, restarted at once and again until packets flow', () => {
  connect();
  flow(16_000, false);
  expect(changes).toEqual(['interrupted 2500']);
  expect(restarts.map((at) => at - 2_500)).toEqual([0, 12_000, 14_000]);
  expect(watch.alive).toBe(false);
  watch.retry();
  expect(restarts).toHaveLength(4);
  flow(250);
  expect(changes).toEqual(['interrupted 2500', 'connected 17250']);
  watch.retry();
  const before = restarts.length;
  flow(5_000);
  expect(restarts).toHaveLength(before);
});

test('a peer that sends nothing on purpose is not a broken path', () => {
  connect();
  watch.expect(false);
  flow(60_000, false);
  expect(changes).toEqual([]);
  watch.expect(true);
  flow(1_250, false);
  expect(changes).toEqual([]);
  flow(500, false);
  expect(changes).toHaveLength(1);
});

test('without media the engine’s own verdict counts', () => {
  watch.state('connected');
  clock.advance(60_000);
  watch.state('disconnected');
  expect(changes).toEqual(['interrupted 60000']);
  watch.state('connected');
  expect(changes.at(-1)).toBe('connected 60000');
});

test('a connection that does not come up is helped after 4 s', () => {
  watch.expect(true);
  watch.state('connecting');
  clock.advance(3_999);
  expect(restarts).toEqual([]);
  clock.advance(1);
  clock.advance(0);
  expect(restarts).toEqual([4_000]);
});

test('a closed watch leaves no timer', () => {
  connect();
  flow(2_000, false);
  watch.close();
  expect(clock.count).toBe(0);
});

test('a blocked event loop is not taken for a broken path', () => {
  let now = 0;
  const timers: { readonly time: number; readonly callback: () => void }[] = [];
  const late = new MediaWatch({
    now: () => now,
    after: (ms, callback) => {
      timers.push({ time: now + ms, callback });
      return () => {};
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

test.each([1_000, 60_000])(
  'a page in the background, whose timers fire every %d ms, takes a healthy path for healthy and misses a dead one for three of them at most',
  (slot) => {
    const slotted = (ms: number) => Math.ceil((clock.now() + ms) / slot) * slot - clock.now();
    let said = '';
    const throttled = new MediaWatch({
      now: clock.now,
      after: (ms, callback) => clock.after(slotted(ms), callback),
      restart: () => {},
      onChange: (state) => {
        said = state;
      },
    });
    throttled.expect(true);
    throttled.state('connected');
    let arriving = true;
    // Looks come with the timers; what they count is known a moment later.
    const look = () => {
      clock.after(slotted(250), look);
      if (arriving) clock.after(5, () => throttled.packets(++received));
    };
    look();
    for (let slots = 0; slots < 20; slots++) {
      clock.advance(slot);
      expect(said).toBe('');
    }
    arriving = false;
    clock.advance(3 * slot + 1_000);
    expect(said).toBe('interrupted');
    arriving = true;
    clock.advance(2 * slot);
    expect(said).toBe('connected');
    throttled.close();
  },
);

test('silence on a broken path is nobody, sound on it says that it is whole', () => {
  const silence = new Int16Array(480);
  const sound = new Int16Array(480).fill(5, 479);
  connect();
  expect([watch.hears(silence), watch.hears(sound)]).toEqual([true, true]);
  flow(2_000, false);
  expect([watch.broken, watch.hears(silence), watch.broken]).toEqual([true, false, true]);
  expect([watch.hears(sound), watch.broken, watch.hears(silence)]).toEqual([true, false, true]);
  expect(changes).toEqual(['interrupted 2500', 'connected 3000']);
});
