import fc from 'fast-check';
import { expect, it } from 'vitest';
import { piecesAfter } from './pieces-after.ts';

it('leaves the bytes that a partial write has not taken, and no empty piece', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 5 }), fc.nat({ max: 50 }), (pieces, bytes) => {
      const left = piecesAfter(pieces, bytes);
      expect(Buffer.concat(left)).toEqual(Buffer.concat(pieces).subarray(bytes));
      expect(left.every((piece) => piece.length > 0)).toBe(true);
    }),
  );
});
