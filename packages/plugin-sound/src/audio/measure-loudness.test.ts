import { testTone } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { type Stretch, tones } from '../../test/signals.ts';
import { measureLoudness } from './measure-loudness.ts';

const stereo = (...stretches: readonly (readonly [number, number])[]): Stretch[] =>
  stretches.map(([seconds, dbfs]) => [seconds, dbfs, dbfs]);
const again = (times: number, ...stretches: readonly (readonly [number, number])[]) =>
  Array.from({ length: times }, () => stretches).flat();
const measured = (stretches: readonly Stretch[], sampleRate = 48_000) =>
  measureLoudness(tones(sampleRate, stretches), { sampleRate, channels: stretches[0]!.length - 1 });

describe('the cases of EBU Tech 3341', () => {
  it.each([
    ['1', stereo([20, -23]), -23],
    ['2', stereo([20, -33]), -33],
    ['3', stereo([10, -36], [60, -23], [10, -36]), -23],
    ['4', stereo([10, -72], [10, -36], [60, -23], [10, -36], [10, -72]), -23],
    ['5', stereo([20, -26], [20.1, -20], [20, -26]), -23],
    ['6', [[20, -28, -28, -24, -30, -30]] as Stretch[], -23],
  ])('%s: integrated loudness', (number, stretches, wanted) => {
    // All rates are weighed alike, and the lower one is made sooner.
    expect(Math.abs(measured(stretches, number === '1' ? 48_000 : 16_000).integrated - wanted)).toBeLessThan(0.1);
  });

  it.each([8_000, 16_000, 44_100, 96_000])('1 at %i Hz', (sampleRate) => {
    const { integrated, maxMomentary, maxShortTerm } = measured(stereo([4, -23]), sampleRate);
    for (const value of [integrated, maxMomentary, maxShortTerm]) expect(Math.abs(value + 23)).toBeLessThan(0.1);
  });

  it('9 and 12: short-term and momentary loudness of what changes within their windows', () => {
    expect(measured(stereo(...again(5, [1.34, -20], [1.66, -30]))).maxShortTerm).toBeCloseTo(-23, 1);
    expect(measured(stereo(...again(25, [0.18, -20], [0.22, -30]))).maxMomentary).toBeCloseTo(-23, 1);
  });

  it.each([
    ['15', 4, 0, 0.5, -6],
    ['16', 4, 45, 0.5, -6],
    ['17', 6, 60, 0.5, -6],
    ['18', 8, 67.5, 0.5, -6],
    ['19', 4, 45, 1.41, 3],
  ])('%s: true peak', (_, divisor, degrees, amplitude, wanted) => {
    const peak = Math.SQRT2 ** (amplitude > 1 ? 1 : 0);
    const wave = (index: number) => Math.sin((2 * Math.PI * index) / divisor + (Math.PI * degrees) / 180);
    // Faded in and out, as nothing else in it may have a higher peak.
    const fade = (index: number) => Math.min(1, index / 2_000, (48_000 - index) / 2_000);
    const samples = Int16Array.from({ length: 48_000 }, (_, index) =>
      Math.max(
        -32_768,
        Math.min(32_767, Math.round(32_767 * (amplitude > 1 ? peak : amplitude) * wave(index) * fade(index))),
      ),
    );
    const { truePeakDb } = measureLoudness(samples, { sampleRate: 48_000 });
    expect(truePeakDb).toBeGreaterThan(wanted - 0.4);
    expect(truePeakDb).toBeLessThan(wanted + 0.2);
  });
});

describe('the cases of EBU Tech 3342', () => {
  it.each([
    ['1', stereo([20, -20], [20, -30]), 10],
    ['2', stereo([20, -20], [20, -15]), 5],
    ['3', stereo([20, -40], [20, -20]), 20],
    ['4', stereo([20, -50], [20, -35], [20, -20], [20, -35], [20, -50]), 15],
  ])('%s: loudness range', (_, stretches, wanted) => {
    expect(Math.abs(measured(stretches, 16_000).range - wanted)).toBeLessThan(1);
  });
});

describe('measureLoudness', () => {
  it('leaves low frequencies out and counts surround channels more, by the mask', () => {
    const one = (channel: number) => {
      const levels = Array.from({ length: 6 }, (_, index) => (index === channel ? -20 : -200));
      return measured([[2, ...levels]]).integrated;
    };
    expect(one(0)).toBeCloseTo(-23, 1);
    expect(one(3)).toBe(Number.NEGATIVE_INFINITY);
    expect(one(4) - one(0)).toBeCloseTo(10 * Math.log10(1.41), 2);
  });

  it('is silence for silence, and for less than 400 ms', () => {
    const silent = measureLoudness(new Int16Array(96_000), { sampleRate: 48_000 });
    expect(silent).toMatchObject({ integrated: -Infinity, range: 0, truePeakDb: -Infinity, duration: 2_000_000 });
    const short = testTone({ sampleRate: 16_000, frequency: 1_000, durationMs: 399 });
    expect(measureLoudness(short, { sampleRate: 16_000 }).integrated).toBe(-Infinity);
  });

  it('refuses what it cannot measure', () => {
    expect(() => measureLoudness(new Int16Array(3), { sampleRate: 48_000, channels: 2 })).toThrow(TypeError);
    expect(() => measureLoudness(new Int16Array(4), { sampleRate: 5 })).toThrow(RangeError);
    // @ts-expect-error misspelt
    expect(() => measureLoudness(new Int16Array(4), { sampleRate: 48_000, channel: 2 })).toThrow(
      /did you mean channels/,
    );
  });
});
