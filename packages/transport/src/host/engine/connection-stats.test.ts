import { expect, test } from 'vitest';
import { connectionStats } from './connection-stats.ts';

const heard = {
  type: 'inbound-rtp',
  kind: 'audio',
  packetsReceived: 100,
  totalSamplesReceived: 240_000,
  concealedSamples: 144_480,
  silentConcealedSamples: 144_000,
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
    totalSamplesReceived: 480_000,
  });
});

test('an engine that does not know a counter has none of it', () => {
  const stats = connectionStats(1, new Map([['a', { type: 'inbound-rtp', kind: 'audio', concealedSamples: 5 }]]));
  expect(stats).toMatchObject({ concealedSamples: 5, jitterBufferDelay: 0 });
  expect(stats).not.toHaveProperty('roundTripTime');
});
