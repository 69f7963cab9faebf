import { expect, it } from 'vitest';
import { judge } from './judge.ts';
import type { Scene } from './scene.ts';

const kinds = { s: 'speech', b: 'between', p: 'pause' } as const;
const scene = (blocks: string, ...sentences: [number, number][]): Scene => ({
  samples: new Int16Array(0),
  blocks: [...blocks].map((kind) => kinds[kind as keyof typeof kinds]),
  sentences: sentences.map(([from, to]) => ({ from, to })),
});
const two = scene('ppssbsppppssssppp', [2, 6], [10, 14]);
const told = (...states: [boolean, number, number][]) => states.map(([voiced, at, toldAt]) => ({ voiced, at, toldAt }));

it('finds nothing wrong with the truth, and how late it was known', () => {
  const right = told([true, 2, 3], [false, 6, 8], [true, 10, 13], [false, 14, 14]);
  expect(judge(two, right)).toEqual({ speechTold: 1, pausesTold: 0, startLate: [10, 30], endLate: [20, 0] });
});

it('counts who says nothing as late by all of each sentence', () => {
  expect(judge(two, [])).toEqual({ speechTold: 0, pausesTold: 0, startLate: [40, 40], endLate: [0, 0] });
});

it('counts who always says speech as late by all of each pause', () => {
  expect(judge(two, told([true, 0, 0]))).toEqual({
    speechTold: 1,
    pausesTold: 1,
    startLate: [0, 0],
    endLate: [40, 30],
  });
});

it('judges by where a state began, not by when it was told, and leaves out what cannot be heard', () => {
  const early = told([true, 1, 4], [false, 4, 5], [true, 5, 6], [false, 6, 7]);
  expect(judge(two, early)).toEqual({
    speechTold: 3 / 7,
    pausesTold: 1 / 9,
    startLate: [20, 40],
    endLate: [10, 0],
  });
});
