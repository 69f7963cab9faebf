import { AudioFrame, micros } from '@sluice/core';
import { rms, snr, testNoise } from '@sluice/core/testing';
import { rnnoise } from '@sluice/plugin-rnnoise';
import { from, lastValueFrom, toArray } from 'rxjs';
import { describe, expect } from 'vitest';
import { speakByEspeak, withEspeak } from '../../../test/speak-by-espeak.ts';

const rate = 48_000;
/** Noise alone before and behind a sentence, in samples. */
const pause = 1.5 * rate;

const sentences = [
  ['Good morning, could you tell me when the next train to Hamburg leaves?', 'en-us+f2'],
  ['I would like to order a large coffee with milk and no sugar.', 'en-us'],
  ['Well, I am not sure whether we should do that before the meeting on Monday.', 'en-us+m3'],
] as const;

/** Noise that falls with frequency, as that of rooms does. */
function room(length: number): Int16Array {
  let low = 0;
  return testNoise({ length, amplitude: 16_000 }).map((sample) => {
    low += 0.05 * (sample - low);
    return low;
  });
}

async function denoise(samples: Int16Array): Promise<Int16Array> {
  const frames = Array.from({ length: Math.ceil(samples.length / 960) }, (_, index) => {
    const piece = samples.slice(index * 960, (index + 1) * 960);
    return new AudioFrame({ samples: piece, sampleRate: rate, channels: 1, timestamp: micros(index * 20_000) });
  });
  const clean = await lastValueFrom(from(frames).pipe(rnnoise(), toArray()));
  return Int16Array.from(clean.flatMap((frame) => [...frame.samples]));
}

/** A sentence in noise of so many dB below it, and what rnnoise leaves of both. */
async function tried(text: string, voice: string, decibels: number) {
  const spoken = speakByEspeak(text, 48_000, voice);
  const clean = new Int16Array(spoken.length + 2 * pause);
  clean.set(
    spoken.map((sample) => sample / 2),
    pause,
  );
  const noise = room(clean.length);
  const gain = rms(clean.subarray(pause, pause + spoken.length)) / rms(noise) / 10 ** (decibels / 20);
  const noisy = clean.map((sample, index) => sample + Math.round(gain * noise[index]!));
  const output = await denoise(noisy);
  const voiced = (samples: Int16Array) => samples.subarray(pause, pause + spoken.length);
  const before = (samples: Int16Array) => rms(samples.subarray(pause / 2, pause));
  return {
    length: output.length - noisy.length,
    before: snr(voiced(clean), voiced(noisy)),
    after: snr(voiced(clean), voiced(output)),
    pauseDb: 20 * Math.log10(before(output) / before(noisy)),
  };
}

describe('rnnoise on speech in the noise of a room', () => {
  withEspeak(
    'takes the noise of pauses away, brings the voice nearer to what it was, and keeps its place',
    async () => {
      for (const [text, voice] of sentences)
        for (const [decibels, least] of [
          [10, 1],
          [0, 2.5],
        ] as const) {
          const { length, before, after, pauseDb } = await tried(text, voice, decibels);
          expect(length).toBe(0);
          expect(before.snr, text).toBeCloseTo(decibels, 0);
          expect(after.snr - before.snr, `${voice} at ${decibels} dB`).toBeGreaterThan(least);
          expect(Math.abs(after.lag), text).toBeLessThan(5);
          expect(pauseDb, text).toBeLessThan(-25);
        }
    },
  );
});
