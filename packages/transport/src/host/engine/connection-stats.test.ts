import { expect, test } from 'vitest';
import { connectionStats } from './connection-stats.ts';

const heard = {
  type: 'inbound-rtp',
  kind: 'audio',
  packetsReceived: 100,
  bytesReceived: 3_500,
  totalSamplesReceived: 240_000,
  concealedSamples: 144_480,
  silentConcealedSamples: 144_000,
  concealmentEvents: 2,
};

test('what is given out while a far side is silent is not concealment', () => {
  const report = new Map([
    ['a', heard],
    ['b', { ...heard, concealedSamples: 48, silentConcealedSamples: 0 }],
  ]);
  expect(connectionStats(7, report)).toMatchObject({
    id: 7,
    packetsReceived: 200,
    concealedSamples: 528,
    concealmentEvents: 4,
    totalSamplesReceived: 480_000,
  });
});

test('each audio track is counted by its name, what has none is only in the sum', () => {
  const report = new Map([
    ['a', { ...heard, mid: '0' }],
    ['b', { ...heard, mid: '4', concealmentEvents: 5 }],
    ['c', { ...heard, mid: '9', kind: 'video' }],
  ]);
  const { audio, concealmentEvents } = connectionStats(7, report, new Map([['4', 'customAudio.music']]));
  expect(concealmentEvents).toBe(7);
  expect(audio).toEqual([
    {
      name: 'customAudio.music',
      packetsReceived: 100,
      bytesReceived: 3_500,
      totalSamplesReceived: 240_000,
      concealedSamples: 480,
      silentConcealedSamples: 144_000,
      concealmentEvents: 5,
    },
  ]);
});

test('an engine that does not know a counter has none of it', () => {
  const stats = connectionStats(1, new Map([['a', { type: 'inbound-rtp', kind: 'audio', concealedSamples: 5 }]]));
  expect(stats).toMatchObject({ concealedSamples: 5, jitterBufferDelay: 0 });
  expect(stats).not.toHaveProperty('roundTripTime');
});

test('what the far side missed is its last report of each track, unless that is old; video stands beside all', () => {
  const track = (id: string, kind: string, packetsSent: number) =>
    [id, { type: 'outbound-rtp', kind, packetsSent, bytesSent: 10, timestamp: 20_000 }] as const;
  const told = (localId: string, kind: string, fractionLost: number, timestamp = 19_000) =>
    [`of ${localId}`, { type: 'remote-inbound-rtp', kind, localId, fractionLost, timestamp }] as const;
  const report = new Map<string, Record<string, unknown>>([
    track('sound', 'audio', 100),
    track('picture', 'video', 300),
    track('rests', 'video', 600),
    told('sound', 'audio', 0.2),
    told('picture', 'video', 0.4),
    told('rests', 'video', 1, 7_000),
    ['in', { type: 'inbound-rtp', kind: 'video', packetsReceived: 7, packetsLost: 3, bytesReceived: 70 }],
  ]);
  const stats = connectionStats(1, report);
  expect(stats).toMatchObject({ videoSentLoss: 0.4, videoPacketsSent: 900, packetsSent: 1_000, videoBytesSent: 20 });
  expect(stats.sentLoss).toBeCloseTo(0.35);
  expect(stats).toMatchObject({ videoPacketsReceived: 7, videoPacketsLost: 3, videoBytesReceived: 70 });
});
