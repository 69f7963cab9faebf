import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from './tokens.ts';

describe('tokens', () => {
  it.each([
    ['Well, “yes”\n', ['Well,', '“yes”']],
    ['50 % & $5 😀', ['50', '%', '&', '$5', '😀']],
    ['one — two ...', ['one —', 'two ...']],
    ['a\u0000\u0001b \ud800', ['a', 'b ']],
    ['... — "', []],
    ['', []],
  ])('of %j are %j', (text, expected) => expect(tokensOf(text).map(({ spoken }) => spoken)).toEqual(expected));

  it('stand where the text has them, in order, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        let last = 0;
        for (const { from, to } of tokensOf(text)) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          expect(text.slice(from, to)).not.toMatch(/\s/);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
