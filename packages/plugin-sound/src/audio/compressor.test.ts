import type { AudioFrame } from '@sluice/core';
import { peak, rms, testTone } from '@sluice/core/testing';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { expectSameInPieces, framesOf, passed, speechLike, tones } from '../../test/signals.ts';
import { type CompressorOptions, compressor } from './compressor.ts';

const rate = 16_000;
const settled = { attackMs: 1, releaseMs: 500 } as const;

/** How much louder a tone of this peak level leaves, in dB, once all has settled. */
function change(dbfs: number, options: CompressorOptions): number {
  const tone = tones(rate, [[1, dbfs]], 1_000);
  const output = passed(compressor({ ...settled, ...options }), tone, rate);
  return 20 * Math.log10(rms(output.subarray(rate / 2, rate - 400)) / rms(tone.subarray(rate / 2, rate - 400)));
}

describe('compressor', () => {
  it('gives the same samples for frames of any size, in mono and stereo, with and without lookahead', () => {
    for (const lookaheadMs of [0, 7.3])
      for (const channels of [1, 2])
        expectSameInPieces(
          () => compressor({ thresholdDb: -40, makeupDb: 6, lookaheadMs }),
          speechLike(rate, 1),
          channels,
        );
  });

  it('has the curve of threshold, ratio, knee and makeup', () => {
    const hard = { thresholdDb: -20, ratio: 4, kneeDb: 0 };
    expect(change(-30, hard)).toBeCloseTo(0, 5);
    // The peaks of a sine reach its level only for moments: a release of 500 ms holds it within 0.2 dB.
    expect(change(-8, hard)).toBeCloseTo(-9, 0);
    expect(change(-8, { ...hard, ratio: Number.POSITIVE_INFINITY })).toBeCloseTo(-12, 0);
    expect(change(-8, { ...hard, makeupDb: 5 })).toBeCloseTo(-4, 0);
    // In the middle of a knee of 12 dB: (1 - 1/4) * 6^2 / 24.
    expect(change(-20, { ...hard, kneeDb: 12 })).toBeCloseTo(-1.125, 1);
    expect(change(-27, { ...hard, kneeDb: 12 })).toBeCloseTo(0, 5);
  });

  it('attacks and releases in the times it was given', () => {
    const step = Int16Array.from({ length: 2 * rate }, (_, index) => (index < 1_600 || index >= rate ? 100 : 16_384));
    const output = passed(
      compressor({ thresholdDb: -26.02, ratio: Number.POSITIVE_INFINITY, kneeDb: 0, attackMs: 20, releaseMs: 100 }),
      step,
      rate,
    );
    const reduction = (index: number) => 20 * Math.log10(step[index]! / output[index]!);
    expect(reduction(rate - 1)).toBeCloseTo(20, 1);
    expect(reduction(1_600 + 320)).toBeCloseTo(20 * (1 - Math.exp(-1)), 0);
    expect(reduction(rate + 1_600 + 320)).toBeCloseTo(20 * Math.exp(-1), -1);
    expect(reduction(2 * rate - 1)).toBeLessThan(0.2);
  });

  it('is down when a peak comes, with a lookahead, and tells its latency by the times of its samples', () => {
    const silence = new Int16Array(1_600);
    const tone = testTone({ sampleRate: rate, frequency: 1_000, durationMs: 100, amplitude: 32_000 });
    const samples = new Int16Array(3_200);
    samples.set(silence);
    samples.set(tone, 1_600);
    const options = { thresholdDb: -20, ratio: Number.POSITIVE_INFINITY, kneeDb: 0, attackMs: 1 };
    const late = passed(compressor(options), samples, rate);
    const ahead = passed(compressor({ ...options, lookaheadMs: 5 }), samples, rate);
    expect(peak(late.subarray(1_600, 1_632))).toBeGreaterThan(2 * peak(ahead.subarray(1_600, 1_632)));
    expect(ahead).toHaveLength(samples.length);
    expect(ahead.findIndex((sample) => sample !== 0)).toBe(samples.findIndex((sample) => sample !== 0));
  });

  it('gives all channels one gain, and tells it', () => {
    const operator = compressor({ thresholdDb: -40, ratio: 20 });
    const samples = tones(rate, [[0.2, -6, -26]]);
    const output = passed(operator, samples, rate, 2);
    for (let index = 4_000; index < output.length; index += 2)
      if (Math.abs(samples[index + 1]!) > 1_500)
        expect(output[index]! / samples[index]!).toBeCloseTo(output[index + 1]! / samples[index + 1]!, 2);
    expect(operator.reductionDb).toBe(0);
    const source = new Subject<AudioFrame>();
    source.pipe(operator).subscribe((frame) => frame.close());
    for (const frame of framesOf(samples, rate, [320], 2)) source.next(frame);
    expect(operator.reductionDb).toBeGreaterThan(20);
  });

  it('passes what is soft untouched, and refuses options at once', () => {
    const soft = framesOf(tones(rate, [[0.1, -50]]), rate, [320]);
    const seen: AudioFrame[] = [];
    from(soft)
      .pipe(compressor())
      .subscribe((frame) => seen.push(frame));
    expect(seen.every((frame, index) => frame === soft[index])).toBe(true);
    expect(() => compressor({ ratio: 0.5 })).toThrow(RangeError);
    expect(() => compressor({ releaseMs: 0 })).toThrow(RangeError);
    expect(() => compressor({ thresholdDb: Number.NaN })).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => compressor({ treshold: -20 })).toThrow(/did you mean thresholdDb/);
  });
});
