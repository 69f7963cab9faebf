import { peak, rms, testNoise } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { expectSameInPieces, passed, speechLike } from '../../test/signals.ts';
import { agc } from './agc.ts';
import { measureLoudness } from './measure-loudness.ts';

const rate = 16_000;
const louder = (samples: Int16Array, db: number) => samples.map((sample) => Math.round(sample * 10 ** (db / 20)));
const loudnessOf = (samples: Int16Array) => measureLoudness(samples, { sampleRate: rate }).integrated;

describe('agc', () => {
  it('gives the same samples for frames of any size, in mono and stereo', () => {
    expectSameInPieces(() => agc(), louder(speechLike(rate, 3), -20));
    expectSameInPieces(() => agc(), louder(speechLike(rate, 3), -20), 2);
  });

  it.each([-25, -10, 0, 6])('brings speech that is %i dB louder to its target, within 1 LU', (db) => {
    const speech = louder(speechLike(rate, 8), db);
    const output = passed(agc({ targetLufs: -20 }), speech, rate);
    expect(Math.abs(loudnessOf(output.subarray(4 * rate)) + 20)).toBeLessThan(1);
    expect(peak(output)).toBeLessThanOrEqual(32_767 * 10 ** (-1 / 20) + 1);
  });

  it('follows from one speaker to a softer one, no faster than allowed', () => {
    const operator = () => agc({ targetLufs: -20, raiseDbPerSecond: 3 });
    const speech = speechLike(rate, 20);
    speech.set(louder(speech.subarray(4 * rate), -12), 4 * rate);
    const output = passed(operator(), speech, rate);
    const step = loudnessOf(output.subarray(2.5 * rate, 4 * rate)) - loudnessOf(output.subarray(4.2 * rate, 5 * rate));
    expect(step).toBeGreaterThan(8);
    expect(Math.abs(loudnessOf(output.subarray(14 * rate)) + 20)).toBeLessThan(2);
  });

  it('lowers a loud voice behind one that is 31 dB softer before its first word is over, and goes on as if it had been alone', () => {
    const [soft, loud] = [louder(speechLike(rate, 6), -25), louder(speechLike(rate, 6), 6)];
    const both = passed(agc({ targetLufs: -20 }), Int16Array.from([...soft, ...loud]), rate).subarray(6 * rate);
    const over = (from: number, to: number) => loudnessOf(both.subarray(from * rate, to * rate)) + 20;
    expect(over(0, 1)).toBeLessThan(4);
    expect(Math.abs(over(1, 6))).toBeLessThan(1);
  });

  it('raises neither silence nor the noise of a pause', () => {
    const speech = louder(speechLike(rate, 5), -10);
    const noise = testNoise({ length: 10 * rate, amplitude: 60 });
    const whole = new Int16Array(15 * rate);
    whole.set(speech);
    for (const [index, sample] of whole.entries()) whole[index] = sample + noise[index % noise.length]!;
    const output = passed(agc({ targetLufs: -20 }), whole, rate);
    const raised = (from: number) =>
      rms(output.subarray(from, from + rate / 2)) / rms(whole.subarray(from, from + rate / 2));
    expect(raised(14 * rate) / raised(5.5 * rate)).toBeCloseTo(1, 1);
    const alone = passed(agc(), testNoise({ length: 6 * rate, amplitude: 600 }), rate);
    expect(rms(alone.subarray(5 * rate)) / rms(testNoise({ length: rate, amplitude: 600 }))).toBeLessThan(
      10 ** (1 / 20),
    );
    expect(peak(passed(agc(), new Int16Array(rate), rate))).toBe(0);
  });

  it('refuses options at once', () => {
    expect(() => agc({ targetLufs: 3 })).toThrow(RangeError);
    expect(() => agc({ raiseDbPerSecond: 0 })).toThrow(RangeError);
    expect(() => agc({ ceilingDb: 'low' as never })).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => agc({ target: -20 })).toThrow(/did you mean targetLufs/);
  });
});
