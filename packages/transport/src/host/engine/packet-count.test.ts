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
