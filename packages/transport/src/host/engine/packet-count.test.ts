import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { PacketCount } from './packet-count.ts';
import type { RtpReceiver } from './wrtc.ts';

/** Of the engine's clock, which began at another time. */
const ENGINE_MS = 2_500_000;

test('packets are reckoned from the time of the newest, and when that was played is told on our clock', async () => {
  const clock = new VirtualClock();
  let timestamp: number | undefined;
  const receiver = {
    getSynchronizationSources: () => (timestamp === undefined ? [] : [{ timestamp }]),
  } as unknown as RtpReceiver;
  const packets = new PacketCount(receiver, clock);
  expect([packets.take(), packets.newestAt]).toEqual([0, Number.NEGATIVE_INFINITY]);
  // One each 20 ms, counted at any time between two of them.
  for (let count = 0; count < 50; count++) {
    await clock.advance(247);
    timestamp = ENGINE_MS + 20 * Math.floor(clock.now() / 20);
    expect(packets.take()).toBeGreaterThan(0);
  }
  const last = 20 * Math.floor(clock.now() / 20);
  expect(Math.abs(packets.newestAt - last)).toBeLessThan(1);
  // No more of them.
  await clock.advance(5_000);
  expect(packets.take()).toBe(0);
  expect(Math.abs(packets.newestAt - last)).toBeLessThan(1);
  // After an outage the time without any is not taken for packets.
  timestamp = ENGINE_MS + clock.now();
  expect(packets.take()).toBe(25);
});

let newest: number | undefined;
let asked = 0;

function count(): PacketCount {
  newest = undefined;
  asked = 0;
  return new PacketCount(
    {
      getSynchronizationSources: () => {
        asked++;
        return newest === undefined ? [] : [{ timestamp: newest }];
      },
    } as never,
    new VirtualClock(),
  );
}

test('nothing came before the first packet; then as many as fit between the newest ones, an outage left out', () => {
  const packets = count();
  expect(packets.take()).toBe(0);
  newest = 5_000;
  expect(packets.take()).toBe(1);
  newest += 240;
  expect(packets.take()).toBe(12);
  expect(packets.take()).toBe(0);
  newest += 60_000;
  expect(packets.take()).toBe(25);
});

test('sound that was seen counts without asking the engine', () => {
  const packets = count();
  newest = 5_000;
  packets.take();
  asked = 0;
  expect([packets.seen(250), packets.seen(250), packets.seen(240)]).toEqual([13, 13, 12]);
  expect(asked).toBe(0);
});

test('packets of silence after it count, and none that its end makes doubtful', () => {
  const packets = count();
  newest = 5_000;
  packets.take();
  for (let looks = 0; looks < 40; looks++) packets.seen(250);
  newest += 10_000 + 250;
  expect(packets.take()).toBe(12);
  newest += 250;
  expect(packets.take()).toBe(13);
  for (let looks = 0; looks < 40; looks++) packets.seen(250);
  // The far side ended a moment after the last look, or while what it sent last was made longer.
  newest += 10_000 + 10;
  expect(packets.take()).toBe(0);
  packets.seen(250);
  newest += 100;
  expect(packets.take()).toBe(0);
  expect(packets.take()).toBe(0);
});
