import { expect, test } from 'vitest';
import { CandidateBound } from './candidate-bound.ts';

const named = (name: string) => `v=0\r\nm=audio 9\r\na=ice-ufrag:${name}\r\n`;
const taken = (bound: CandidateBound) => Array.from({ length: 5_000 }, () => bound.tryTake()).filter(Boolean).length;

test('candidates are bounded, before the first description, after it, and after those that restart nothing', () => {
  const bound = new CandidateBound();
  expect(taken(bound)).toBe(128);
  for (let n = 0; n < 3; n++) bound.described(named('first'));
  expect(taken(bound)).toBe(0);
});

test('a restart has its own', () => {
  const bound = new CandidateBound();
  bound.described(named('first'));
  expect(taken(bound)).toBe(128);
  bound.described(named('second'));
  expect(taken(bound)).toBe(128);
});
