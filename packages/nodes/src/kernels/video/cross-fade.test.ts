import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crossFade } from './cross-fade.ts';

/** Bytes without a pattern that a row could hide. */
function bytes(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

it('is the formula for every byte, at every length', () => {
  const lengths = fc.oneof(fc.nat({ max: 70 }), fc.constantFrom(131_071, 131_072, 131_073, 300_001));
  fc.assert(
    fc.property(lengths, fc.nat({ max: 255 }), (length, opacity) => {
      const [picture, other] = [bytes(length, 1), bytes(length, 2)];
      const expected = picture.map((value, index) =>
        Math.round((other[index]! * opacity + value * (255 - opacity)) / 255),
      );
      const before = other.slice();
      crossFade(picture, other, opacity);
      expect(Buffer.compare(picture, expected)).toBe(0);
      expect(Buffer.compare(other, before)).toBe(0);
    }),
    { numRuns: 60 },
  );
});
