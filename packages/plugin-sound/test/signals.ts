import { AudioFrame, samplesToMicros } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import fc from 'fast-check';
import { from, type OperatorFunction } from 'rxjs';
import { expect } from 'vitest';

/** One stretch of a test signal: seconds, and the level of each channel in dBFS (peak of a sine). */
export type Stretch = readonly [seconds: number, ...dbfs: number[]];

/** A sine of 1 kHz, the same in each channel up to its level, as the cases of EBU Tech 3341 and 3342 describe it. */
export function tones(sampleRate: number, stretches: readonly Stretch[], frequency = 1_000): Int16Array {
  const channels = stretches[0]!.length - 1;
  const length = stretches.reduce((sum, [seconds]) => sum + Math.round(seconds * sampleRate), 0);
  const samples = new Int16Array(length * channels);
  let at = 0;
  for (const [seconds, ...levels] of stretches) {
    const gains = levels.map((dbfs) => 32_768 * 10 ** (dbfs / 20));
    for (let index = Math.round(seconds * sampleRate); index > 0; index--) {
      const wave = Math.sin((2 * Math.PI * frequency * Math.floor(at / channels)) / sampleRate);
      for (const gain of gains) samples[at++] = Math.round(gain * wave);
    }
  }
  return samples;
}

/** As speech: harmonics of a moving voice with noise on them, in syllables and with pauses, of changing loudness. */
export function speechLike(sampleRate: number, seconds: number, seed = 1): Int16Array {
  const random = seededRandom(seed);
  const samples = new Int16Array(Math.round(sampleRate * seconds));
  let phase = 0;
  let [loud, next, from, pitch] = [0, 0, 0, 120];
  for (let index = 0; index < samples.length; index++) {
    if (index >= next) {
      from = index;
      next = index + Math.round(sampleRate * (0.12 + 0.2 * random()));
      loud = random() < 0.25 ? 0 : 2_000 + 7_000 * random();
      pitch = 90 + 80 * random();
    }
    phase += (2 * Math.PI * pitch) / sampleRate;
    const syllable = Math.sin((Math.PI * (index - from)) / (next - from)) ** 2;
    let wave = 0.3 * (random() - 0.5);
    for (let harmonic = 1; harmonic <= 12; harmonic++) wave += Math.sin(harmonic * phase) / harmonic;
    samples[index] = Math.round(loud * syllable * wave);
  }
  return samples;
}

/** The samples as frames of so many samples each, one after the other. */
export function framesOf(samples: Int16Array, sampleRate: number, sizes: readonly number[], channels = 1) {
  const frames: AudioFrame[] = [];
  for (let at = 0, index = 0; at < samples.length; index++) {
    const end = Math.min(samples.length, at + sizes[index % sizes.length]! * channels);
    const timestamp = samplesToMicros(at / channels, sampleRate);
    frames.push(new AudioFrame({ samples: samples.slice(at, end), sampleRate, channels, timestamp }));
    at = end;
  }
  return frames;
}

/** All samples of the frames, one after the other. */
export function joined(frames: readonly AudioFrame[]): Int16Array {
  const whole = new Int16Array(frames.reduce((sum, { samples }) => sum + samples.length, 0));
  let at = 0;
  for (const { samples } of frames) {
    whole.set(samples, at);
    at += samples.length;
  }
  return whole;
}

/** What leaves an operator for samples, in frames of 20 ms unless it is said how many samples each has. */
export function passed(
  operator: OperatorFunction<AudioFrame, AudioFrame>,
  samples: Int16Array,
  sampleRate: number,
  channels = 1,
  sizes: readonly number[] = [sampleRate / 50],
): Int16Array {
  const seen: AudioFrame[] = [];
  from(framesOf(samples, sampleRate, sizes, channels))
    .pipe(operator)
    .subscribe((frame) => {
      seen.push(frame.copy());
      frame.close();
    });
  return joined(seen);
}

/** Fails unless an operator gives the same samples at 16 kHz however they are cut into frames. */
export function expectSameInPieces(
  make: () => OperatorFunction<AudioFrame, AudioFrame>,
  samples: Int16Array,
  channels = 1,
): void {
  const whole = passed(make(), samples, 16_000, channels, [samples.length]);
  expect(whole).not.toEqual(samples);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 1, maxLength: 6 }), (sizes) => {
      expect(passed(make(), samples, 16_000, channels, sizes)).toEqual(whole);
    }),
    { numRuns: 8 },
  );
}
