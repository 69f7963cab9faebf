import { expect, it } from 'vitest';
import { wordErrors } from './word-errors.ts';

it.each([
  ['a b c', 'a b c', 0],
  ['A, b. C!', 'a b c', 0],
  ['a b c', '', 3],
  ['', 'a b', 2],
  ['a b c', 'a x c', 1],
  ['a b c', 'b c', 1],
  ['a b c', 'a b b c', 1],
  ['a b c d', 'b c d e', 2],
  ["don't go", 'do not go', 2],
])('of "%s" heard as "%s" are %i', (said, heard, errors) => {
  expect(wordErrors(said, heard)).toBe(errors);
});
