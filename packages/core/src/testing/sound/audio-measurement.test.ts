import { AssertionError } from 'node:assert';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { align } from './align.ts';
import { expectNoGaps, expectSilence, expectSnr, expectTone } from './audio-assertions.ts';
import { findGaps } from './find-gaps.ts';
import { crossCorrelation, transform } from './fourier.ts';
import { channelOf, fromDbfs, peak, rms, samplesOf, toDbfs } from './levels.ts';
import { measureTone } from './measure-tone.ts';
import { snr } from './snr.ts';
import { testNoise, testTone } from './test-signals.ts';
import { toneContinuity } from './tone-continuity.ts';

const sampleRate = 48_000;
const tone = (durationMs = 1000, frequency = 441) => testTone({ sampleRate, frequency, durationMs });
const plus = (a: Int16Array, b: Int16Array) => a.map((sample, index) => sample + b[index]!);
const without = (samples: Int16Array, at: number, count: number) =>
  Int16Array.of(...samples.subarray(0, at), ...samples.subarray(at + count));
const repeated = (samples: Int16Array, at: number, count: number) =>
  Int16Array.of(...samples.subarray(0, at + count), ...samples.subarray(at));

describe('levels', () => {
  it('tells peak and RMS of a full-scale sine', () => {
    const full = testTone({ sampleRate, frequency: 1000, durationMs: 1000, amplitude: 32_767 });
    expect(peak(full)).toBe(32_767);
    expect(toDbfs(rms(full))).toBeCloseTo(-3.01, 2);
  });
  it('handles nothing and the lowest sample', () => {
    expect(rms(new Int16Array(0))).toBe(0);
    expect(toDbfs(peak(Int16Array.of(-32_768)))).toBe(0);
    expect(toDbfs(fromDbfs(-42))).toBeCloseTo(-42, 10);
  });
  it('takes a channel out of frames', () => {
    const frame = (...samples: number[]) =>
      new AudioFrame({ samples: Int16Array.of(...samples), sampleRate, channels: 2, timestamp: micros(0) });
    expect([...samplesOf([frame(1, -1, 2, -2), frame(3, -3)], 1)]).toEqual([-1, -2, -3]);
    expect(samplesOf([])).toHaveLength(0);
    expect(() => channelOf(Int16Array.of(1, 2), 2, 2)).toThrow(RangeError);
  });
  it('refuses frames of unlike formats', () => {
    const of = (channels: number) =>
      new AudioFrame({ samples: new Int16Array(2), sampleRate, channels, timestamp: micros(0) });
    expect(() => samplesOf([of(1), of(2)])).toThrow(/48000 Hz and 1 channel/);
  });
});

describe('fourier', () => {
  it('comes back after the inverse', () => {
    const real = Float64Array.from({ length: 64 }, (_, index) => Math.sin(index * index));
    const kept = real.slice();
    const imaginary = new Float64Array(64);
    transform(real, imaginary);
    transform(real, imaginary, true);
    real.forEach((value, index) => {
      expect(value / 64).toBeCloseTo(kept[index]!, 12);
    });
  });
  it('correlates like the definition', () => {
    const a = [1, -2, 3];
    const b = [4, 0, -1, 2, 5];
    const correlation = crossCorrelation(a, b);
    for (let lag = -2; lag <= 4; lag++) {
      const direct = a.reduce((sum, value, index) => sum + value * (b[index + lag] ?? 0), 0);
      expect(correlation[lag < 0 ? correlation.length + lag : lag]).toBeCloseTo(direct, 10);
    }
  });
});

describe('measureTone', () => {
  it.each([[441], [997.3], [12_345.6], [23_000], [60]])('reads a clean tone of %f Hz', (frequency) => {
    const measured = measureTone(
      testTone({ sampleRate, frequency, durationMs: 700, amplitude: 32_767, phase: 1 }),
      sampleRate,
      frequency,
    );
    expect(measured.frequency).toBeCloseTo(frequency, 4);
    expect(measured.amplitude).toBeCloseTo(0, 2);
    expect(measured.snr).toBeGreaterThan(96);
  });
  it('finds a tone that is off by half a percent', () => {
    expect(measureTone(tone(3000, 1005), sampleRate, 1000).frequency).toBeCloseTo(1005, 4);
  });
  it('measures at exactly the given frequency when told to', () => {
    expect(measureTone(tone(1000, 1005), sampleRate, 1000, { searchHz: 0 }).snr).toBeLessThan(0);
  });
  it('reads the SNR of added noise', () => {
    const noise = testNoise({ length: 48_000, amplitude: 173.2 });
    const measured = measureTone(plus(tone(), noise), sampleRate, 441);
    // 10,000 / sqrt 2 over 173.2 / sqrt 3.
    expect(measured.snr).toBeCloseTo(20 * Math.log10(7071 / 100), 0);
  });
  it('falls when samples are missing', () => {
    expect(measureTone(without(tone(), 24_000, 1), sampleRate, 441).snr).toBeLessThan(45);
  });
  it('refuses what it cannot measure', () => {
    expect(() => measureTone(new Int16Array(31), sampleRate, 441)).toThrow(TypeError);
    expect(() => measureTone(tone(), sampleRate, 24_000)).toThrow(RangeError);
    expect(() => measureTone(tone(), 0, 441)).toThrow(RangeError);
  });
});

describe('align and snr', () => {
  const reference = testNoise({ length: 20_000 });
  const late = (lag: number, gain: number) =>
    Int16Array.from({ length: 24_000 }, (_, index) => Math.round(gain * (reference[index - lag] ?? 0)));

  it.each([
    [0, 1],
    [137, 0.5],
    [3999, -1],
    [-1500, 0.25],
  ])('finds lag %i and gain %f', (lag, gain) => {
    const found = align(reference, late(lag, gain));
    expect(found.lag).toBe(lag);
    expect(found.gain).toBeCloseTo(gain, 3);
    expect(Math.abs(found.correlation)).toBeGreaterThan(0.999);
  });
  it('respects maxLag', () => {
    expect(Math.abs(align(reference, late(3999, 1), { maxLag: 100 }).lag)).toBeLessThanOrEqual(100);
  });
  it('says that unrelated signals are unrelated', () => {
    expect(align(reference, testNoise({ length: 20_000, seed: 9 })).correlation).toBeLessThan(0.1);
  });
  it('finds a fraction of a sample', () => {
    const smooth = (shift: number) =>
      Int16Array.from({ length: 9600 }, (_, index) => {
        const t = (index - shift) / sampleRate;
        return Math.round(9000 * Math.sin(2 * Math.PI * (300 + 8000 * t) * t) * Math.sin(Math.PI * Math.min(1, t * 5)));
      });
    const found = snr(smooth(0), smooth(40.37), { subSample: true });
    expect(found.lag).toBeCloseTo(40.37, 3);
    expect(found.snr).toBeGreaterThan(75);
    expect(snr(smooth(0), smooth(40.37)).snr).toBeLessThan(40);
  });
  it('measures 3 LSB of noise', () => {
    const noise = testNoise({ length: 24_000, amplitude: 3, seed: 5 });
    const expected = 20 * Math.log10(rms(reference) / rms(noise));
    expect(snr(reference, plus(late(77, 1), noise)).snr).toBeCloseTo(expected, 0);
  });
  it('does not depend on lag or gain', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 3000 }), fc.double({ min: 0.3, max: 2, noNaN: true }), (lag, gain) => {
        const found = snr(reference, late(lag, gain));
        expect(found.lag).toBe(lag);
        expect(found.snr).toBeGreaterThan(70);
      }),
      { numRuns: 20 },
    );
  });
  it('handles silence', () => {
    expect(align(reference, new Int16Array(100))).toEqual({ lag: 0, gain: 0, correlation: 0 });
    expect(() => align(new Int16Array(0), reference)).toThrow(TypeError);
    expect(() => align(reference, new Int16Array(0))).toThrow(TypeError);
  });
});

describe('findGaps', () => {
  it('finds a hole of 10 ms to the sample', () => {
    const holed = tone().fill(0, 10_000, 10_480);
    const report = findGaps(holed, { sampleRate });
    expect(report.gaps).toHaveLength(1);
    expect(report.longestMs).toBeCloseTo(10, 0);
    expect(Math.abs(report.gaps[0]!.position - 10_000)).toBeLessThan(3);
  });
  it('finds a hole under noise below the threshold, and none in a clean or quiet tone', () => {
    const noisy = plus(tone().fill(0, 10_000, 10_480), testNoise({ length: 48_000, amplitude: 3 }));
    expect(findGaps(noisy, { sampleRate }).gaps).toHaveLength(1);
    expect(findGaps(tone(), { sampleRate }).gaps).toHaveLength(0);
  });
  it('counts the edges unless told not to', () => {
    const late = tone().fill(0, 0, 960).fill(0, 47_520);
    expect(findGaps(late, { sampleRate }).totalMs).toBeCloseTo(30, 0);
    expect(findGaps(late, { sampleRate, ignoreEdges: true }).gaps).toHaveLength(0);
  });
  it('refuses a positive threshold', () => {
    expect(() => findGaps(tone(), { sampleRate, thresholdDbfs: 3 })).toThrow(RangeError);
  });
});

describe('toneContinuity', () => {
  const options = { sampleRate, frequency: 441 };

  it('finds nothing in a clean or noisy tone, also one that is off', () => {
    expect(toneContinuity(tone(), options)).toMatchObject({ count: 0 });
    expect(toneContinuity(plus(tone(), testNoise({ length: 48_000, amplitude: 3 })), options).count).toBe(0);
    expect(toneContinuity(plus(tone(), testNoise({ length: 48_000, amplitude: 500 })), options).count).toBe(0);
    const off = toneContinuity(tone(1000, 441.3), options);
    expect(off.count).toBe(0);
    expect(off.frequency).toBeCloseTo(441.3, 2);
  });
  it.each([[20_000], [20_027], [20_159], [20_160], [20_200]])('finds a sample dropped at %i', (at) => {
    const { breaks } = toneContinuity(without(tone(), at, 1), options);
    expect(breaks).toHaveLength(1);
    expect(breaks[0]!.kind).toBe('skip');
    expect(breaks[0]!.samples).toBeCloseTo(1, 1);
    expect(Math.abs(breaks[0]!.position - at)).toBeLessThan(30);
  });
  it('finds a dropped sample under 3 LSB of noise', () => {
    const noisy = plus(without(tone(), 20_027, 1), testNoise({ length: 47_999, amplitude: 3 }));
    const { breaks } = toneContinuity(noisy, options);
    expect(breaks).toHaveLength(1);
    expect(breaks[0]!.samples).toBeCloseTo(1, 1);
  });
  it('finds a repeat of one sample and of 10 ms', () => {
    expect(toneContinuity(repeated(tone(), 30_001, 1), options).breaks).toMatchObject([{ kind: 'repeat' }]);
    const { breaks } = toneContinuity(repeated(tone(), 30_001, 480), options);
    expect(breaks).toHaveLength(1);
    const periods = (480 + breaks[0]!.samples) / (sampleRate / 441);
    expect(periods).toBeCloseTo(Math.round(periods), 2);
  });
  it('finds a click', () => {
    const clicked = tone();
    clicked[12_345]! += 3000;
    expect(toneContinuity(clicked, options).breaks).toMatchObject([{ kind: 'click', position: 12_345 }]);
  });
  it('finds a 10 ms hole', () => {
    const { breaks } = toneContinuity(tone().fill(0, 10_000, 10_480), options);
    expect(breaks).toMatchObject([{ kind: 'dropout' }]);
    expect(Math.abs(breaks[0]!.position - 10_000)).toBeLessThan(60);
  });
  it('finds each of several', () => {
    const broken = without(without(without(tone(), 40_000, 7), 25_000, 2), 10_000, 1);
    const { breaks } = toneContinuity(broken, options);
    expect(breaks.map((found) => Math.round(found.samples))).toEqual([1, 2, 7]);
  });
  it('finds a dropped sample anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2000, max: 45_000 }), fc.constantFrom(300, 441, 997, 3001), (at, frequency) => {
        const { breaks } = toneContinuity(without(tone(1000, frequency), at, 1), { sampleRate, frequency });
        expect(breaks).toHaveLength(1);
        expect(Math.abs(breaks[0]!.position - at)).toBeLessThan(400);
      }),
      { numRuns: 60 },
    );
  });
  it('refuses what is too short', () => {
    expect(() => toneContinuity(tone(10), options)).toThrow(TypeError);
  });
});

describe('assertions', () => {
  it('pass and return the figures', () => {
    expect(
      expectTone(tone(), { sampleRate, frequency: 441, amplitude: -10.3, minSnr: 75, continuous: true }).snr,
    ).toBeGreaterThan(75);
    expect(expectNoGaps(tone(), { sampleRate }).longestMs).toBe(0);
    expect(expectSilence(new Int16Array(10))).toBe(Number.NEGATIVE_INFINITY);
    expect(expectSnr(testNoise({ length: 500 }), testNoise({ length: 500 }), { minDb: 90 }).snr).toBe(
      Number.POSITIVE_INFINITY,
    );
  });
  it.each<[string, () => unknown, RegExp]>([
    ['no tone', () => expectTone(new Int16Array(480), { sampleRate, frequency: 441 }), /no tone of 441 Hz/],
    ['wrong frequency', () => expectTone(tone(1000, 444), { sampleRate, frequency: 441 }), /within 1 Hz.*444\.000 Hz/],
    ['wrong level', () => expectTone(tone(), { sampleRate, frequency: 441, amplitude: -12 }), /-12 dBFS.*-10\.3 dBFS/],
    [
      'noise',
      () => expectTone(plus(tone(), testNoise({ length: 48_000 })), { sampleRate, frequency: 441, minSnr: 40 }),
      /at least 40 dB.*SNR 1\.\d/,
    ],
    [
      'a skip',
      () => expectTone(without(tone(), 9000, 1), { sampleRate, frequency: 441, continuous: true }),
      /1 break\(s\): skip at/,
    ],
    ['a gap', () => expectNoGaps(tone().fill(0, 4800, 5760), { sampleRate }), /found 1: 20\.\d ms at \d+\.\d ms/],
    ['no samples', () => expectNoGaps(new Int16Array(0), { sampleRate }), /no samples/],
    ['sound', () => expectSilence(Int16Array.of(0, 0, 100)), /-50\.3 dBFS at sample 2/],
    [
      'another signal',
      () => expectSnr(testNoise({ length: 500 }), testNoise({ length: 500, seed: 2 }), { minDb: 20 }),
      /at least 20 dB/,
    ],
    [
      'half a signal',
      () => expectSnr(testNoise({ length: 500 }), testNoise({ length: 500 }).subarray(0, 250), { minDb: 20 }),
      /only 250 of 500/,
    ],
  ])('fail on %s', (_, check, message) => {
    expect(check).toThrow(AssertionError);
    expect(check).toThrow(message);
  });
});
