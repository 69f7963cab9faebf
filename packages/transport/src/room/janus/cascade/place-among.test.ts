import { expect, test } from 'vitest';
import { placeAmong } from './place-among.ts';

const places = (used: Record<string, number>, comers: number) =>
  Array.from({ length: comers }, (_, before) => placeAmong(new Map(Object.entries(used)), before)).join('');

test('those who come at once are spread as if they had come one after the other', () => {
  expect(places({ a: 0, b: 0, c: 0 }, 7)).toBe('abcabca');
  expect(places({ a: 1, b: 0 }, 6)).toBe('bababa');
  expect(places({ a: 3, b: 0 }, 6)).toBe('bbbaba');
  expect(places({ a: 5 }, 3)).toBe('aaa');
});

test('all give the servers in orders of their own, and choose the same', () => {
  expect(places({ b: 0, a: 0 }, 4)).toBe(places({ a: 0, b: 0 }, 4));
});
