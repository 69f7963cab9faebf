import { type AudioFrame, NODE } from '@sluice/core';
import { measureTone, samplesOf, trackFrames } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { toFrames } from '../sinks/to-frames.ts';
import { type FromSyncBeepsOptions, fromSyncBeeps } from './from-sync-beeps.ts';

async function collect(options: FromSyncBeepsOptions): Promise<AudioFrame[]> {
  const sink = toFrames<AudioFrame>();
  fromSyncBeeps(options).subscribe(sink);
  return sink.finished;
}

/** Where sound begins and ends after at least 5 ms of silence, as sample indices. */
function bursts(samples: Int16Array, sampleRate: number): number[][] {
  const found: number[][] = [];
  let quiet = Number.POSITIVE_INFINITY;
  samples.forEach((sample, index) => {
    if (sample !== 0 && quiet > sampleRate / 200) found.push([index, index]);
    if (sample !== 0) found.at(-1)![1] = index;
    quiet = sample === 0 ? quiet + 1 : 0;
  });
  return found;
}

describe('fromSyncBeeps', () => {
  it.each([8_000, 11_025, 44_100, 48_000])(
    'begins each beep on the sample of the full second, at %i Hz',
    async (sampleRate) => {
      using tracker = trackFrames();
      const frames = await collect({ sampleRate, duration: 3.5 });
      const found = bursts(samplesOf(frames), sampleRate);
      expect(found.map(([first]) => first)).toEqual([0, 1, 2, 3].map((second) => second * sampleRate));
      for (const [first, last] of found) expect(last! - first!).toBeLessThanOrEqual(sampleRate / 10);
      for (const [first, last] of found) expect(last! - first!).toBeGreaterThan(sampleRate / 10 - sampleRate / 500);
      for (const frame of frames) frame.close();
      tracker.assertNone();
    },
  );

  it('beeps with the tone, level and channels asked for', async () => {
    const options = { channels: 2, frequency: 2_000, beepMs: 200, amplitude: 0.25, duration: 0.5 };
    const frames = await collect(options);
    expect(fromSyncBeeps(options)[NODE]).toMatchObject({ format: { kind: 'audio', sampleRate: 48_000, channels: 2 } });
    const left = samplesOf(frames, 0);
    expect(samplesOf(frames, 1)).toEqual(left);
    const tone = measureTone(left.slice(480, 9_120), 48_000, 2_000);
    expect(tone.snr).toBeGreaterThan(70);
    expect(Math.max(...left)).toBe(Math.round(0.25 * 32_767));
  });

  it.each([
    ['sampleRate', { sampleRate: 0 }],
    ['channels', { channels: 0 }],
    ['frequency', { frequency: 30_000 }],
    ['beepMs', { beepMs: 1_000 }],
    ['amplitude', { amplitude: 2 }],
    ['duration', { duration: -1 }],
    ['frameMs', { frameMs: 0 }],
  ])('refuses a bad %s at once', (name, options) => {
    expect(() => fromSyncBeeps(options)).toThrow(new RegExp(`^${name} `));
  });
});
