import type { GraphSnapshot } from '@sluice/core';
import { expect, it } from 'vitest';
import { DropWatch } from './drop-watch.ts';

it('tells what was dropped meanwhile, each second once', () => {
  const snapshot = (...counts: number[]) =>
    ({
      links: counts.map((droppedFrames, index) => ({ id: `link ${index}`, droppedFrames })),
    }) as unknown as GraphSnapshot;
  const watch = new DropWatch();
  expect(watch.look(snapshot(3), 0)).toEqual([]);
  expect(watch.look(snapshot(5), 500)).toEqual([]);
  expect(watch.look(snapshot(7, 9), 1_000)).toEqual([{ link: 'link 0', frames: 4 }]);
  expect(watch.look(snapshot(7, 10), 2_000)).toEqual([{ link: 'link 1', frames: 1 }]);
});
