import { graph, mapAsync, micros, pushSource, realClock, sleep, type VideoFrame } from '@sluice/core';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt, pictures } from '../../test/picture-frames.ts';
import { runPictures } from '../../test/run-pictures.ts';
import { TestContext } from '../../test/test-context.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { toNull } from '../sinks/to-null.ts';
import { latest } from './latest.ts';

videoOperatorChecklist('latest', { make: () => latest() });

describe('latest', () => {
  it('keeps the newest while the receiver is busy, and tells what is missing', () => {
    const context = new TestContext();
    const source = new Subject<VideoFrame>();
    const operator = latest();
    const { seen, state } = runPictures(source, operator, context);
    source.next(pictureAt(0));
    context.setRoom(false);
    for (const index of [1, 2, 3]) source.next(pictureAt(index));
    context.setRoom(true);
    source.next(pictureAt(4));
    expect(seen.map(({ timestamp, gap }) => [timestamp / 40_000, gap])).toEqual([
      [0, undefined],
      [3, { duration: 80_000, reason: 'overflow' }],
      [4, undefined],
    ]);
    expect(operator.statistics()).toEqual({ passed: 3, dropped: 2 });
    source.complete();
    expect(state.completed).toBe(true);
  });

  it('gives the newest away before the end', () => {
    const context = new TestContext();
    context.setRoom(false);
    const { seen, state } = runPictures(from(pictures(5)), latest(), context);
    expect([seen.length, state.completed]).toEqual([0, false]);
    context.setRoom(true);
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([160_000]);
    expect(state.completed).toBe(true);
  });

  it('is a policy of the link behind a live source', async () => {
    const bot = graph('newest');
    let push = (_: VideoFrame) => {};
    const camera = pushSource<VideoFrame>({ name: 'camera', live: true }, (destination) => {
      push = (frame) => destination.next(frame);
      return () => {};
    });
    const release: (() => void)[] = [];
    const slow = mapAsync((frame: VideoFrame) => new Promise<VideoFrame>((done) => release.push(() => done(frame))));
    bot.from(camera).pipe(latest(), slow).to(toNull());
    await bot.start();
    for (let index = 0; index < 10; index++) push(pictureAt(index));
    const [link] = bot.inspect().links;
    expect(link).toMatchObject({ policy: 'latest', depth: 1, droppedFrames: 8 });
    await bot.abort();
    for (const done of release) done();
    await sleep(realClock, 0);
  });

  it('drops what waits at an interruption', () => {
    const context = new TestContext();
    context.setRoom(false);
    const source = new Subject<VideoFrame>();
    const { seen } = runPictures(source, latest(), context);
    source.next(pictureAt(0));
    context.interrupt();
    context.setRoom(true);
    source.next(pictureAt(1, undefined, { epoch: context.epoch }));
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([micros(40_000)]);
  });
});
