import { AudioFrame, micros } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { HeardTime } from './heard-time.ts';

const frame = (ms: number) =>
  new AudioFrame({ samples: new Int16Array(480), sampleRate: 24_000, channels: 1, timestamp: micros(ms * 1_000) });

describe('HeardTime', () => {
  const heard = () => {
    const time = new HeardTime();
    // A second, a hole of four, and another second.
    for (let index = 0; index < 50; index++) time.sent(frame(index * 20));
    for (let index = 0; index < 50; index++) time.sent(frame(5_000 + index * 20));
    return time;
  };

  it('finds in the time of the frames what the service counts in sound', () => {
    const time = heard();
    expect([500, 1_000, 1_500].map((ms) => time.timeOf(ms))).toEqual([500_000, 5_000_000, 5_500_000]);
    expect(time.timeOf(1_200, 300)).toBe(5_500_000);
    expect([time.timeOf(-5), time.timeOf(90_000)]).toEqual([0, 6_000_000]);
  });

  it.each([undefined, null, Number.NaN, Number.POSITIVE_INFINITY, '700', {}])(
    'takes %s for what was only just',
    (told) => {
      const time = heard();
      expect(time.timeOf(told)).toBe(6_000_000);
      expect(time.timeOf(told, 300)).toBe(6_000_000);
      expect(time.timeOf(told, -500)).toBe(5_500_000);
      expect(new HeardTime().timeOf(told)).toBe(0);
    },
  );
});
