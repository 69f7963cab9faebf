import { expect, it } from 'vitest';
import { nodeMood } from './node-mood.ts';

it.each([
  ['running', true, 0.9, true, 'stuck'],
  ['running', true, 0.2, true, 'waiting'],
  ['running', true, 0.05, true, 'working'],
  ['running', false, 1, true, 'working'],
  ['running', false, 1, false, 'idle'],
  ['down', false, 0, false, 'failed'],
  ['ended', true, 1, false, 'over'],
])('%s, live %s, waits %s, moves %s: %s', (state, live, waits, moves, mood) => {
  expect(nodeMood({ state, live, waits, moves })).toBe(mood);
});
