import { expect, it } from 'vitest';
import { extension } from './extension.ts';

it('goes on back and forth from where the samples end, each channel by itself', () => {
  const block = Int16Array.of(1, 10, 2, 20, 3, 30, 0, 0);
  expect([...extension(block, 6, 2)]).toEqual([3, 30, 2, 20, 1, 10, 1, 10, 2, 20, 3, 30, 3, 30, 2, 20]);
  expect([...extension(Int16Array.of(7, 0), 1, 1)]).toEqual([7, 7, 7, 7]);
});
