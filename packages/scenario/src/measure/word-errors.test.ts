import { expect, it } from 'vitest';
import { wordErrors, wordErrorsWithin } from './word-errors.ts';

it.each([
  ['a b c', 'a b c', 0, 0],
  ['A, b. C!', 'a b c', 0, 0],
  ['a b c', '', 3, 3],
  ['', 'a b', 2, 0],
  ['a b c', 'a x c', 1, 1],
  ['a b c', 'b c', 1, 1],
  ['a b c', 'a b b c', 1, 1],
  ['a b c d', 'b c d e', 2, 1],
  ["don't go", 'do not go', 2, 1],
  ['b c', 'a b c d', 2, 0],
  ['b c', 'b a a a c', 3, 1],
])('of "%s" heard as "%s" are %i, and %i within it', (said, heard, errors, within) => {
  expect(wordErrors(said, heard)).toBe(errors);
  expect(wordErrorsWithin(said, heard)).toBe(within);
});
