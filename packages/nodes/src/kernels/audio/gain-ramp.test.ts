import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSample } from '../clamp.ts';
import { GainRamp } from './gain-ramp.ts';

const samplesOf = (values: number[]) => Int16Array.from(values);

describe('toSample', () => {
  it('clamps and rounds, and never wraps', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (value) => {
        const stored = Int16Array.of(toSample(value))[0]!;
        const clamped = Math.max(-32_768, Math.min(32_767, value));
        expect(Math.abs(stored - clamped)).toBeLessThanOrEqual(0.5);
      }),
    );
  });
});

describe('GainRamp', () => {
  it('gives the same samples in parts as in one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 2, maxLength: 200 }),
        fc.nat(200),
        fc.nat(300),
        fc.double({ min: 0, max: 10, noNaN: true }),
        (values, cut, length, target) => {
          const input = samplesOf(values);
          const split = Math.min(cut, input.length);
          const whole = new GainRamp(1);
          const parts = new GainRamp(1);
          whole.rampTo(target, length);
          parts.rampTo(target, length);
          const one = new Int16Array(input.length);
          const two = new Int16Array(input.length);
          whole.apply(input, one, 1);
          parts.apply(input.subarray(0, split), two.subarray(0, split), 1);
          parts.apply(input.subarray(split), two.subarray(split), 1);
          expect(two).toEqual(one);
          expect(parts.gain).toBeCloseTo(whole.gain, 10);
        },
      ),
    );
  });

  it('gives both channels of a sample frame the same factor', () => {
    const ramp = new GainRamp(0);
    ramp.rampTo(1, 100);
    const output = new Int16Array(200);
    ramp.apply(new Int16Array(200).fill(10_000), output, 2);
    for (let index = 0; index < 200; index += 2) expect(output[index]).toBe(output[index + 1]);
    expect(output[100]).toBe(5_000);
  });

  it('starts a new ramp from where the last one is', () => {
    const ramp = new GainRamp(1);
    ramp.rampTo(0, 100);
    ramp.skip(50);
    expect(ramp.gain).toBeCloseTo(0.5);
    ramp.rampTo(1, 10);
    expect(ramp.gain).toBeCloseTo(0.5);
  });
});
