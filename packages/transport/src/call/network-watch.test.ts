import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RoomConnectionStats } from '../room/driver.ts';
import type { NetworkStats } from './network-stats.ts';
import { NetworkWatch } from './network-watch.ts';

const nothing: RoomConnectionStats = {
  id: 1,
  packetsReceived: 0,
  packetsLost: 0,
  packetsSent: 0,
  bytesReceived: 0,
  bytesSent: 0,
  videoPacketsReceived: 0,
  videoPacketsLost: 0,
  videoPacketsSent: 0,
  videoBytesReceived: 0,
  videoBytesSent: 0,
  sentLoss: 0,
  videoSentLoss: 0,
  concealedSamples: 0,
  concealmentEvents: 0,
  totalSamplesReceived: 0,
  jitterBufferDelay: 0,
  jitterBufferEmitted: 0,
  framesEncoded: 0,
  framesDecoded: 0,
  framesDropped: 0,
  videoCodecs: [],
  video: [],
  audio: [],
};

let clock: VirtualClock;
let connections: RoomConnectionStats[];
let told: NetworkStats[];
let watch: NetworkWatch;
let broken: boolean;

beforeEach(() => {
  clock = new VirtualClock();
  connections = [];
  told = [];
  broken = false;
  const measure = async () => {
    if (broken) throw new Error('the engine died');
    return connections;
  };
  watch = new NetworkWatch({ clock, measure, tell: (stats) => told.push(stats) });
});
afterEach(() => watch.close());

/** So many seconds of audio, of which a share of packets and of samples was lost. */
function hears(seconds: number, share = 0): void {
  const [before = nothing] = connections;
  connections = [
    {
      ...before,
      packetsReceived: before.packetsReceived + 50 * seconds * (1 - share),
      packetsLost: before.packetsLost + 50 * seconds * share,
      bytesReceived: before.bytesReceived + 4_000 * seconds,
      concealedSamples: before.concealedSamples + 48_000 * seconds * share,
      concealmentEvents: before.concealmentEvents + (share > 0 ? 1 : 0),
      totalSamplesReceived: before.totalSamplesReceived + 48_000 * seconds,
      jitterBufferDelay: before.jitterBufferDelay + 48_000 * seconds * (0.05 + share),
      jitterBufferEmitted: before.jitterBufferEmitted + 48_000 * seconds,
    },
  ];
}

test('shares are of just now, and the totals stand beside them', async () => {
  for (let time = 0; time < 10; time++) {
    hears(2, 0.5);
    await clock.advance(2_000);
  }
  expect(told.at(-1)).toMatchObject({ receivePacketLoss: 0.5, concealment: 0.5, threshold: 'veryLow' });
  hears(1);
  await clock.advance(1_000);
  expect(await watch.stats()).toMatchObject({
    intervalMs: 1_000,
    receivePacketLoss: 0,
    concealment: 0,
    threshold: 'good',
  });
  hears(1);
  await clock.advance(1_000);
  const stats = told.at(-1)!;
  expect(stats).toMatchObject({ intervalMs: 2_000, concealment: 0, receiveBitsPerSecond: 32_000 });
  expect(stats.jitterBufferMs).toBeCloseTo(50);
  expect(stats.total.concealment).toBeCloseTo(10 / 22);
  expect(stats).toMatchObject({ packetsReceived: 600, packetsLost: 500, concealedMs: 10_000, concealmentEvents: 10 });
});

test('who asks right after a measurement gets the time before it too', async () => {
  hears(2);
  await clock.advance(2_000);
  hears(2, 0.1);
  await clock.advance(2_000);
  expect((await watch.stats()).intervalMs).toBe(2_000);
  await clock.advance(999);
  expect((await watch.stats()).intervalMs).toBe(2_999);
  expect(told).toHaveLength(4);
});

test('a connection that is new counts from its beginning, one that is gone no more', async () => {
  hears(60, 0.2);
  await clock.advance(4_000);
  connections = [{ ...nothing, id: 2, packetsReceived: 90, packetsLost: 10 }];
  await clock.advance(2_000);
  expect(told.at(-1)).toMatchObject({ connections: 1, receivePacketLoss: 0.1, total: { receivePacketLoss: 0.1 } });
});

test('nothing is told while nobody is connected, nor after the end, and a failed measurement is made up for', async () => {
  await clock.advance(10_000);
  expect(told).toEqual([]);
  broken = true;
  await clock.advance(2_000);
  expect(told).toEqual([]);
  broken = false;
  hears(1);
  await clock.advance(2_000);
  expect(told).toHaveLength(1);
  watch.close();
  await clock.advance(10_000);
  expect(told).toHaveLength(1);
});

test('the words of the Daily SDK: the interval, the worst so far, quality and thresholds by the larger loss', async () => {
  const sent = { packetsSent: 100, bytesSent: 40_000, videoPacketsSent: 60, videoBytesSent: 30_000 };
  const got = { packetsReceived: 90, packetsLost: 10, videoPacketsReceived: 36, videoPacketsLost: 4 };
  connections = [
    {
      ...nothing,
      ...sent,
      ...got,
      bytesReceived: 20_000,
      videoBytesReceived: 10_000,
      sentLoss: 0.3,
      videoSentLoss: 0.25,
    },
  ];
  await clock.advance(2_000);
  expect(told.at(-1)).toMatchObject({ threshold: 'low', previousThreshold: 'good', quality: 25, sendPacketLoss: 0.3 });
  expect(told.at(-1)?.stats).toEqual({
    latest: {
      timestamp: 2_000,
      receiveBitsPerSecond: 80_000,
      sendBitsPerSecond: 160_000,
      videoRecvBitsPerSecond: 40_000,
      videoSendBitsPerSecond: 120_000,
      totalRecvPacketLoss: 0.1,
      totalSendPacketLoss: 0.3,
      videoRecvPacketLoss: 0.1,
      videoSendPacketLoss: 0.25,
    },
    worstVideoReceivePacketLoss: 0.1,
    worstVideoSendPacketLoss: 0.25,
  });
  // Nothing more is sent: the far side's last report is of what was, and no bad network.
  await clock.advance(2_000);
  expect(told.at(-1)).toMatchObject({ threshold: 'good', previousThreshold: 'low', quality: 100, sendPacketLoss: 0 });
  expect(told.at(-1)?.stats).toMatchObject({ latest: { videoSendPacketLoss: 0 }, worstVideoSendPacketLoss: 0.25 });
  expect(watch.last).toBe(told.at(-1));
});

test('packets that were given up and came after all are no loss', async () => {
  connections = [{ ...nothing, packetsReceived: 50, packetsLost: 5 }];
  await clock.advance(2_000);
  connections = [{ ...nothing, packetsReceived: 105, packetsLost: 0 }];
  await clock.advance(2_000);
  expect(told.at(-1)?.receivePacketLoss).toBe(0);
});
