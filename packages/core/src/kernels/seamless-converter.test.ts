import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AudioFormat } from '../media/audio-format.ts';
import { SeamlessConverter } from './seamless-converter.ts';

const amplitude = 20_000;
const rates = [8_000, 16_000, 22_050, 24_000, 44_100, 48_000];

/** A part of a stream: so many pieces of 20 ms. */
interface Part extends AudioFormat {
  readonly count: number;
}

const secondsOf = (parts: readonly Part[]) => parts.reduce((sum, { count }) => sum + count / 50, 0);

/** What leaves for one tone in all channels, whose format changes on the way, and the tone itself. */
function converted(parts: readonly Part[], to: AudioFormat, hz: number) {
  const converter = new SeamlessConverter(to);
  const tone = (seconds: number) => amplitude * Math.sin(2 * Math.PI * hz * seconds + 0.9);
  const pieces: Int16Array[] = [];
  let seconds = 0;
  for (const { count, ...format } of parts)
    for (let piece = 0; piece < count; piece++, seconds += 0.02) {
      const samples = Int16Array.from({ length: (format.sampleRate / 50) * format.channels }, (_, index) =>
        Math.round(tone(seconds + Math.floor(index / format.channels) / format.sampleRate)),
      );
      if (piece === 0) pieces.push(converter.change(format, samples));
      pieces.push(converter.process(samples));
    }
  pieces.push(converter.flush());
  const heard = pieces.flatMap((piece) => [...piece]);
  const first = heard.filter((_, index) => index % to.channels === 0);
  return { heard, first, tone: (index: number) => tone(index / to.sampleRate) };
}

describe('SeamlessConverter', () => {
  const part = fc.record({
    sampleRate: fc.constantFrom(...rates),
    channels: fc.constantFrom(1, 2),
    count: fc.integer({ min: 1, max: 3 }),
  });
  const target = fc.record({
    sampleRate: fc.constantFrom(8_000, 16_000, 44_100, 48_000),
    channels: fc.constantFrom(1, 2),
  });

  test('makes one sound of whatever formats follow on each other: -60 dB, and not a sample more or less', () => {
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 2, maxLength: 5 }),
        target,
        fc.double({ min: 0.05, max: 0.8, noNaN: true }),
        (parts, to, pitch) => {
          const hz = (pitch * Math.min(to.sampleRate, ...parts.map(({ sampleRate }) => sampleRate))) / 2;
          const { first, heard, tone } = converted(parts, to, hz);
          expect(heard).toHaveLength(Math.round(Number((secondsOf(parts) * to.sampleRate).toFixed(6))) * to.channels);
          // What a stream begins and ends with meets silence.
          const edge = Math.round(0.01 * to.sampleRate);
          let worst = 0;
          for (let index = edge; index < first.length - edge; index++)
            worst = Math.max(worst, Math.abs(first[index]! - tone(index)) / amplitude);
          expect(worst).toBeLessThan(0.001);
        },
      ),
      { numRuns: 25, seed: 1 },
    );
  });

  test('gives input back that needs no change, and keeps its channels where they are left open', () => {
    const converter = new SeamlessConverter({ sampleRate: 16_000 });
    const samples = Int16Array.of(1, 2, 3, 4);
    expect(converter.change({ sampleRate: 16_000, channels: 2 }, samples)).toHaveLength(0);
    expect(converter.process(samples)).toBe(samples);
    expect(converter.to).toMatchObject({ sampleRate: 16_000, channels: 2 });
    converter.change({ sampleRate: 8_000, channels: 1 });
    expect(converter.to).toMatchObject({ sampleRate: 16_000, channels: 1 });
  });

  test('joins nothing over a gap or an interruption', () => {
    const loud = (sampleRate: number) => new Int16Array(sampleRate / 50).fill(amplitude);
    for (const part of ['beginStretch', 'reset'] as const) {
      const converter = new SeamlessConverter({ sampleRate: 48_000, channels: 1 });
      converter.change({ sampleRate: 16_000, channels: 1 });
      converter.process(loud(16_000));
      converter.drain();
      converter[part]();
      const next = loud(24_000);
      expect(converter.change({ sampleRate: 24_000, channels: 1 }, next)).toHaveLength(0);
      // The filter meets silence before the first sample, and rings.
      expect(Math.abs(converter.process(next)[1]! - amplitude)).toBeGreaterThan(0.05 * amplitude);
    }
  });
});
