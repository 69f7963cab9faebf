import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Declick } from './declick.ts';
import { Limiter } from './limiter.ts';
import { accumulate, load, peakOf, store } from './mix.ts';

const values = fc.array(fc.integer({ min: -150_000, max: 150_000 }), { minLength: 1, maxLength: 400 });

describe('mix kernels', () => {
  it('add and clamp, and never wrap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: -32_768, max: 32_767 }), { minLength: 8, maxLength: 8 }), { maxLength: 9 }),
        (inputs) => {
          const bus = new Float32Array(8);
          const scratch = new Float32Array(8);
          for (const input of inputs) {
            load(Int16Array.from(input), 0, 8, scratch, 0);
            accumulate(scratch, bus, 8);
          }
          const mixed = store(bus, 8);
          for (let index = 0; index < 8; index++) {
            const sum = inputs.reduce((total, input) => total + input[index]!, 0);
            expect(mixed[index]).toBe(Math.max(-32_768, Math.min(32_767, sum)));
          }
        },
      ),
    );
  });
});

describe('Limiter', () => {
  it('never lets a value exceed full scale', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), (blocks) => {
        const limiter = new Limiter(16_000);
        for (const block of blocks) {
          const bus = Float32Array.from(block);
          limiter.process(bus, bus.length, 1);
          expect(peakOf(bus, bus.length)).toBeLessThanOrEqual(32_767.01);
        }
      }),
    );
  });

  it('leaves what is within full scale untouched', () => {
    const bus = Float32Array.from({ length: 320 }, (_, index) => (index % 2 === 0 ? 32_767 : -32_767));
    const before = bus.slice();
    new Limiter(16_000).process(bus, 320, 1);
    expect(bus).toEqual(before);
  });

  it('moves its gain smoothly before a peak and back within 100 ms', () => {
    const limiter = new Limiter(16_000);
    const bus = new Float32Array(1_600).fill(20_000);
    bus[800] = 65_534;
    limiter.process(bus, 1_600, 1);
    let largest = 0;
    for (let index = 1; index < 1_600; index++)
      if (index !== 800 && index !== 801) largest = Math.max(largest, Math.abs(bus[index]! - bus[index - 1]!));
    expect(largest).toBeLessThanOrEqual(20_000 / 16 + 1);
    const quiet = new Float32Array(1_600).fill(1_000);
    limiter.process(quiet, 1_600, 1);
    expect(limiter.gain).toBe(1);
    expect(quiet[1_599]).toBe(1_000);
  });
});

describe('Declick', () => {
  it('has no step where two signals meet, and leaves both as they are elsewhere', () => {
    const declick = new Declick(1, 80);
    const before = new Float32Array(100).fill(10_000);
    const after = new Float32Array(200).fill(-10_000);
    declick.process(before, 0, 100);
    declick.breakBefore(after, 0);
    declick.process(after, 0, 50);
    declick.process(after, 50, 200);
    expect(before.every((value) => value === 10_000)).toBe(true);
    expect(after[0]).toBe(10_000);
    for (let index = 1; index < 200; index++)
      expect(Math.abs(after[index]! - after[index - 1]!)).toBeLessThanOrEqual(251);
    expect(after.slice(80).every((value) => value === -10_000)).toBe(true);
  });
});
