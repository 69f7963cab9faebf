import { AudioFrame, type AudioFrameInit, micros, samplesToMicros } from '@sluice/core';
import fc from 'fast-check';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { resample } from './resample.ts';

const amplitude = 20_000;
const rates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];

/** A part of a stream: so many frames of so many samples. */
interface Part {
  readonly sampleRate: number;
  readonly channels: number;
  readonly length: number;
  readonly count: number;
}

type Signal = (seconds: number) => number;

/** Parts that follow on each other, of one signal in all channels. */
function stream(parts: readonly Part[], signal: Signal): { readonly frames: AudioFrame[]; readonly seconds: number } {
  const frames: AudioFrame[] = [];
  let seconds = 0;
  for (const { sampleRate, channels, length, count } of parts)
    for (let n = 0; n < count; n++, seconds += length / sampleRate) {
      const samples = new Int16Array(length * channels);
      for (let index = 0; index < samples.length; index++)
        samples[index] = Math.round(signal(seconds + Math.floor(index / channels) / sampleRate));
      frames.push(new AudioFrame({ samples, sampleRate, channels, timestamp: micros(Math.round(seconds * 1e6)) }));
    }
  return { frames, seconds };
}

/** What is off in the first channel, as a share of the amplitude, sample by sample. */
function errors(parts: readonly Part[], sampleRate: number, signal: Signal) {
  const { frames, seconds } = stream(parts, signal);
  const found: number[] = [];
  let strayMicros = 0;
  from(frames)
    .pipe(resample({ sampleRate }))
    .subscribe((frame) => {
      strayMicros = Math.max(strayMicros, Math.abs(frame.timestamp - samplesToMicros(found.length, sampleRate)));
      for (let index = 0; index < frame.length; index++)
        found.push((frame.samples[index * frame.channels]! - signal(found.length / sampleRate)) / amplitude);
      frame.close();
    });
  return { found, strayMicros, expected: Math.round(Number((seconds * sampleRate).toFixed(6))) };
}

/** From 100 Hz up to `top` within `seconds`. */
function sweep(top: number, seconds: number): Signal {
  return (t) => amplitude * Math.sin(2 * Math.PI * (100 * t + ((top - 100) * t * t) / 2 / seconds) + 0.9);
}

const part = (length: (sampleRate: number) => fc.Arbitrary<number>, channels: fc.Arbitrary<number>) =>
  fc.constantFrom(...rates).chain((sampleRate) =>
    fc.record({
      sampleRate: fc.constant(sampleRate),
      channels,
      length: length(sampleRate),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  );
/** The lowest rate of all decides what is heard everywhere. */
const topOf = (parts: readonly Part[], sampleRate: number) =>
  0.4 * Math.min(sampleRate, ...parts.map((one) => one.sampleRate));
const secondsOf = (parts: readonly Part[]) =>
  parts.reduce((sum, { sampleRate, length, count }) => sum + (length * count) / sampleRate, 0);
const largest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
const outputRate = fc.constantFrom(8_000, 16_000, 44_100, 48_000);

describe('resample where the format changes and the sound goes on', () => {
  it('leaves no trace of the change: -60 dB with frames of 20 ms, whose ends meet at a sample', () => {
    const whole = part((sampleRate) => fc.constant(sampleRate / 50), fc.constant(1));
    fc.assert(
      fc.property(fc.array(whole, { minLength: 2, maxLength: 5 }), outputRate, (parts, sampleRate) => {
        const signal = sweep(topOf(parts, sampleRate), secondsOf(parts));
        const { found, expected, strayMicros } = errors(parts, sampleRate, signal);
        expect(found).toHaveLength(expected);
        expect(strayMicros).toBeLessThanOrEqual(1);
        // What a stream begins and ends with meets silence.
        const edge = Math.round(0.01 * sampleRate);
        expect(largest(found.slice(edge, -edge))).toBeLessThan(0.001);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it('does not click and counts each sample, wherever a part ends, mono or stereo', () => {
    const any = part(
      (rate) => fc.integer({ min: Math.ceil(rate / 100), max: Math.floor(rate / 20) }),
      fc.constantFrom(1, 2),
    );
    fc.assert(
      fc.property(fc.array(any, { minLength: 2, maxLength: 5 }), outputRate, (parts, sampleRate) => {
        const { found, expected } = errors(parts, sampleRate, sweep(200, secondsOf(parts)));
        // Frames that pass as they are do not lie on the grid of the rest.
        expect(Math.abs(found.length - expected)).toBeLessThanOrEqual(parts.every(converts(sampleRate)) ? 0 : 1);
        const edge = Math.round(0.01 * sampleRate);
        const inner = found.slice(edge, -edge);
        expect(largest(inner.map((error, index) => error - inner[Math.max(0, index - 1)]!))).toBeLessThan(0.02);
      }),
      { numRuns: 25, seed: 2 },
    );
  });

  it('joins nothing where there is a gap, a jump in time or another epoch', () => {
    const parts = [
      { sampleRate: 16_000, channels: 1, length: 320, count: 5 },
      { sampleRate: 24_000, channels: 1, length: 480, count: 5 },
    ];
    const { frames } = stream(parts, () => amplitude);
    const late = micros(50_000);
    const changes: readonly ((frame: AudioFrame, index: number) => Partial<AudioFrameInit>)[] = [
      (_, index) => (index === 5 ? { gap: { duration: micros(20_000), reason: 'source' } } : {}),
      ({ timestamp }) => ({ timestamp: micros(timestamp + late) }),
      () => ({ epoch: 1 }),
    ];
    for (const change of changes) {
      const samples: number[] = [];
      from(frames.map((frame, index) => frame.derive(index < 5 ? {} : change(frame, index))))
        .pipe(resample({ sampleRate: 48_000 }))
        .subscribe((frame) => {
          samples.push(...frame.samples);
          frame.close();
        });
      // Behind the change the filter finds silence before the first sample, as at the start of any stream: between that and
      // the second it rings.
      expect(Math.abs(samples.at(-4_799)! - amplitude)).toBeGreaterThan(0.05 * amplitude);
    }
  });
});

const converts = (sampleRate: number) => (one: Part) => one.sampleRate !== sampleRate;
