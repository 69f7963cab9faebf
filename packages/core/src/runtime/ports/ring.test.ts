import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Ring } from './ring.ts';

describe('Ring', () => {
  it('is an array with push and shift, whatever the order of calls', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer(), { freq: 2 }), { maxLength: 300 }), (steps) => {
        const ring = new Ring<number>(2);
        const model: number[] = [];
        for (const step of steps) {
          if (step === null) expect(ring.shift()).toBe(model.shift());
          else {
            ring.push(step);
            model.push(step);
          }
          expect(ring.size).toBe(model.length);
          expect(ring.peek()).toBe(model[0]);
        }
      }),
    );
  });
});
