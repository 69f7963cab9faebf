import { expect, it } from 'vitest';
import { mostThatPass } from './most-that-pass.ts';

async function found(most: number, halvings = 10): Promise<{ readonly count: number; readonly tried: number[] }> {
  const tried: number[] = [];
  const passes = async (count: number) => {
    tried.push(count);
    return count <= most;
  };
  return { count: await mostThatPass(passes, { first: 4, limit: 64, halvings }), tried };
}

it('doubles until one fails, then halves the distance', async () => {
  expect(await found(21)).toEqual({ count: 21, tried: [4, 8, 16, 32, 24, 20, 22, 21] });
});

it('finds every count up to the limit, and none beyond', async () => {
  for (let most = 1; most <= 64; most++) expect((await found(most)).count).toBe(most);
  expect((await found(0)).count).toBe(0);
  expect(await found(1_000)).toEqual({ count: 64, tried: [4, 8, 16, 32, 64] });
});

it('stops after so many halvings, at what has passed', async () => {
  expect(await found(21, 2)).toEqual({ count: 20, tried: [4, 8, 16, 32, 24, 20] });
  expect((await found(21, 0)).count).toBe(16);
});
