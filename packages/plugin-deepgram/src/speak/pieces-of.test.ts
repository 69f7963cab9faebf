import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { piecesOf } from './pieces-of.ts';

describe('piecesOf', () => {
  it('cuts behind white space', () => {
    expect(piecesOf('one two three', 9)).toEqual(['one two ', 'three']);
    expect(piecesOf('one', 9)).toEqual(['one']);
    expect(piecesOf('', 9)).toEqual([]);
  });

  it('loses nothing, keeps to the length and cuts no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.integer({ min: 2, max: 50 }), (text, most) => {
        const pieces = piecesOf(text, most);
        expect(pieces.join('')).toBe(text);
        for (const piece of pieces) {
          expect(piece.length).toBeLessThanOrEqual(most);
          expect(piece).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
        }
      }),
    );
  });
});
