import { micros, type VideoFrame } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { pictureAt } from '../../test/picture-frames.ts';
import { runPictures } from '../../test/run-pictures.ts';
import { videoOperatorChecklist } from '../../test/video-operator-checklist.ts';
import { type RepeatLastOptions, repeatLast } from './repeat-last.ts';

videoOperatorChecklist('repeatLast', { make: () => repeatLast(), interruptible: false });

function live(options: RepeatLastOptions = {}) {
  const source = new Subject<VideoFrame>();
  const operator = repeatLast(options);
  return { source, operator, ...runPictures(source, operator) };
}

describe('repeatLast', () => {
  it('keeps its schedule wherever the clock stands when a picture comes', async () => {
    const { source, seen, context } = live({ frameRate: 30 });
    for (let turn = 0; turn < 12; turn++) {
      source.next(pictureAt(turn * 100));
      await context.clock.advance(100);
    }
    source.complete();
    expect(seen.length).toBe(12 * 3);
  });

  it('shows the last picture at a steady rate while nothing comes', async () => {
    const { source, operator, seen, context, state } = live({ frameRate: 10, afterMs: 150 });
    await context.clock.advance(500);
    source.next(pictureAt(2));
    await context.clock.advance(400);
    source.next(pictureAt(12));
    expect(seen.map(({ at, timestamp }) => [at, timestamp / 1000])).toEqual([
      [500, 80],
      [650, 230],
      [750, 330],
      [850, 430],
      [900, 480],
    ]);
    expect(new Set(seen.slice(0, 4).map(({ mark }) => mark)).size).toBe(1);
    expect(operator.repeated).toBe(3);
    source.complete();
    expect(state.completed).toBe(true);
    await context.clock.advance(1_000);
    expect(seen).toHaveLength(5);
  });

  it('never shows a picture before one that it has shown', async () => {
    const { source, seen, context } = live({ frameRate: 10, afterMs: 100 });
    source.next(pictureAt(0));
    await context.clock.advance(1_000);
    // Delayed by the network: its own time is long over.
    source.next(pictureAt(1));
    source.next(pictureAt(2));
    const times = seen.map(({ timestamp }) => timestamp);
    expect(times.slice(-3)).toEqual([1_000_000, 1_000_001, 1_000_002]);
    await context.clock.advance(200);
    expect(seen.slice(-2).map(({ timestamp }) => timestamp)).toEqual([1_100_002, 1_200_002]);
  });

  it('goes back with a stream that begins anew', async () => {
    const { source, seen, context } = live({ frameRate: 10, afterMs: 100 });
    source.next(pictureAt(1_000));
    await context.clock.advance(300);
    for (const index of [0, 1, 2]) source.next(pictureAt(index));
    expect(seen.slice(-3).map(({ timestamp }) => timestamp)).toEqual([0, 40_000, 80_000]);
    await context.clock.advance(100);
    context.interrupt();
    source.next(pictureAt(1, undefined, { epoch: context.epoch }));
    expect(seen.at(-1)!.timestamp).toBe(40_000);
  });

  it('gives up after a time, and begins again', async () => {
    const { source, operator, context } = live({ frameRate: 10, afterMs: 100, maxMs: 300 });
    source.next(pictureAt(0));
    await context.clock.advance(5_000);
    expect(operator.repeated).toBe(3);
    source.next(pictureAt(125));
    await context.clock.advance(5_000);
    expect(operator.repeated).toBe(6);
  });

  it('stops at an interruption, and waits for room', async () => {
    const { source, seen, context } = live({ frameRate: 10, afterMs: 100 });
    source.next(pictureAt(0));
    context.setRoom(false);
    await context.clock.advance(1_000);
    expect(seen).toHaveLength(1);
    context.setRoom(true);
    await context.clock.advance(100);
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([0, micros(1_100_000)]);
    context.interrupt();
    await context.clock.advance(1_000);
    expect(seen).toHaveLength(2);
  });

  it('leaves out what a stall has swallowed', async () => {
    const { source, seen, context } = live({ frameRate: 100, afterMs: 10 });
    source.next(pictureAt(0));
    context.setRoom(false);
    await context.clock.advance(1_000);
    context.setRoom(true);
    await context.clock.advance(10);
    expect(seen).toHaveLength(2);
  });

  it('keeps one picture and gives it back', async () => {
    using tracker = trackFrames();
    const { source, context, subscription } = live();
    for (let index = 0; index < 3; index++) source.next(pictureAt(index));
    await context.clock.advance(500);
    subscription.unsubscribe();
    tracker.assertNone();
  });

  it('refuses bad options', () => {
    expect(() => repeatLast(30 as never)).toThrow(/^repeatLast is not valid/);
    expect(() => repeatLast({ frameRate: 0 })).toThrow(RangeError);
    expect(() => repeatLast({ afterMs: -1 })).toThrow(RangeError);
    expect(() => repeatLast({ maxMs: Number.NaN })).toThrow(TypeError);
  });
});
