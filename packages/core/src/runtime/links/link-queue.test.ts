import { expect, it } from 'vitest';
import type { Frame } from '../../media/frame.ts';
import { micros } from '../../time/units.ts';
import { LinkQueue } from './link-queue.ts';

const frame = (duration: number): Frame =>
  ({ kind: 'audio', timestamp: micros(0), duration: micros(duration) }) as Frame;

it('gives frames in their order and is full by their number or their media', () => {
  const queue = new LinkQueue({ frames: 3, micros: 50_000 });
  const frames = [frame(20_000), frame(20_000), frame(5_000)];
  for (const one of frames.slice(0, 2)) queue.push(one);
  expect(queue).toMatchObject({ size: 2, micros: 40_000, full: false });
  queue.push(frames[2]!);
  expect(queue.full).toBe(true);
  expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual([...frames, undefined]);
  queue.push(frame(50_000));
  expect(queue).toMatchObject({ size: 1, full: true, maxSize: 3, used: true });
});

it('counts pictures of unknown duration as a thirtieth of a second', () => {
  const queue = new LinkQueue({ frames: Number.POSITIVE_INFINITY, micros: 100_000 });
  const picture = { kind: 'video', timestamp: micros(0) } as Frame;
  for (let pictures = 0; pictures < 3; pictures++) queue.push({ ...picture } as Frame);
  expect(queue).toMatchObject({ micros: 99_999, full: false });
});

it('times one frame of sixteen, also after the one that it timed was dropped', () => {
  const queue = new LinkQueue({ frames: 4, micros: Number.POSITIVE_INFINITY });
  queue.push(frame(1));
  queue.shift();
  for (let pushed = 1; pushed < 64; pushed++) {
    queue.push(frame(1));
    queue.take();
  }
  expect(queue.wait.count).toBe(3);
});

it('keeps the order of what is put back', () => {
  const queue = new LinkQueue({ frames: 4, micros: Number.POSITIVE_INFINITY });
  const frames = [frame(1), frame(2), frame(3)];
  for (const one of frames) queue.push(one);
  for (let left = queue.size; left > 0; left--) {
    const one = queue.shift()!;
    if (one !== frames[1]) queue.putBack(one);
  }
  queue.timeNone();
  expect(queue).toMatchObject({ size: 2, micros: 4 });
  expect([queue.take(), queue.take()]).toEqual([frames[0], frames[2]]);
});
