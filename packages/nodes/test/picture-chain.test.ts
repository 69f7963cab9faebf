import { graph, inWorker, type VideoFrame } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import {
  brightness,
  crop,
  eachPixel,
  flip,
  fromTestPattern,
  grayscale,
  mapPixels,
  readTestPattern,
  rotate,
  scale,
  toFrames,
} from '@sluice/nodes';
import { from, lastValueFrom, toArray } from 'rxjs';
import { expect, it } from 'vitest';
import { pictures } from './picture-frames.ts';

const numbers = (frames: readonly VideoFrame[]) => frames.map((frame) => readTestPattern(frame)?.frameNumber);

it.each(['I420', 'RGB', 'BGRA'] as const)(
  'takes %s through a chain in a graph, readable at its end',
  async (format) => {
    using tracked = trackFrames();
    const clock = new VirtualClock();
    const chain = graph('chain', { clock });
    const sink = toFrames<VideoFrame>();
    chain
      .from(fromTestPattern({ width: 321, height: 181, format, frames: 10 }))
      .pipe(
        scale({ width: 480, height: 480, background: '#404040' }),
        crop({ width: 480, height: 270 }),
        rotate({ degrees: 90 }),
        rotate({ degrees: 270 }),
        flip(),
      )
      .pipe(
        flip(),
        brightness({ factor: 1.1 }),
        mapPixels(eachPixel((red, green, blue) => (red << 16) | (green << 8) | blue)),
        grayscale(),
        scale({ width: 240, filter: 'cubic' }),
      )
      .to(sink);
    const running = chain.run();
    await clock.run({ until: running });
    const frames = await sink.finished;
    expect(frames.map(({ width, height, format: color }) => `${width}x${height} ${color}`)).toEqual(
      Array.from({ length: 10 }, () => `240x135 ${format}`),
    );
    expect(numbers(frames)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    for (const frame of frames) frame.close();
    tracked.assertNone();
  },
);

it('scales on a thread what is too much for this one, to the same pictures', async () => {
  using tracked = trackFrames();
  const options = { width: 75, height: 50, filter: 'cubic' } as const;
  // An operator with plain options needs no module of its own.
  const module = new URL('../dist/index.js', import.meta.url);
  const there = inWorker<VideoFrame>({ module, exportName: 'scale', options });
  const [made, expected] = await Promise.all(
    [there, scale(options)].map((operator) => lastValueFrom(from(pictures(5)).pipe(operator, toArray()))),
  );
  expect(made!.map(({ timestamp }) => timestamp)).toEqual(expected!.map(({ timestamp }) => timestamp));
  expect(made!.map(({ data }) => Buffer.from(data))).toEqual(expected!.map(({ data }) => Buffer.from(data)));
  for (const frame of [...made!, ...expected!]) frame.close();
  tracked.assertNone();
});
