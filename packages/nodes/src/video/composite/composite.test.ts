import { queryObjects } from 'node:v8';
import { graph, type LinkRef, type VideoFrame } from '@sluice/core';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { concat, NEVER, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainPicture } from '../../../test/plain-pictures.ts';
import { composite, flip, fromTestPattern, fromTone, readTestPattern, toFrames, toNull } from '../../index.ts';
import { CompositeInput } from './composite-input.ts';

const rate = { frameRate: 25, width: 256, height: 144 };

let frames: ReturnType<typeof trackFrames>;
beforeEach(() => {
  frames = trackFrames({ stacks: true });
});
afterEach(() => {
  frames.stop();
});

const halves = [
  { x: 0, y: 0, width: 256, height: 144 },
  { x: 256, y: 0, width: 256, height: 144 },
];

/** Reads the frame numbers of the test pattern in each half of a picture. */
function numbersOf(frame: VideoFrame, regions: readonly { x: number; y: number; width: number; height: number }[]) {
  return regions.map((region) => readTestPattern(frame, { region })?.frameNumber);
}

function closeAll(list: readonly VideoFrame[]): void {
  for (const frame of list) frame.close();
}

describe('composite', () => {
  it('renders files offline, each picture beside the one of its time', async () => {
    const bot = graph('wall', { clock: new VirtualClock() });
    const wall = bot.add(composite({ width: 512, height: 144, frameRate: 25, timing: 'inputs' }));
    const sink = toFrames<VideoFrame>();
    bot.from(fromTestPattern({ ...rate, duration: 1 })).to(wall.input('left'));
    bot.from(fromTestPattern({ ...rate, frameRate: 50, duration: 1 })).to(wall.input('right', { fit: 'cover' }));
    wall.out.out.to(sink);
    await bot.run();
    const list = await sink.finished;
    expect(list).toHaveLength(25);
    for (const [index, frame] of list.entries()) {
      expect(frame.timestamp).toBe(index * 40_000);
      expect(numbersOf(frame, halves)).toEqual([index, 2 * index]);
    }
    expect(bot.toMermaid()).toContain('512x144 I420');
    closeAll(list);
    frames.assertNone();
  });

  it('goes on while guests come and go, until the graph is stopped', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 256, height: 144, frameRate: 25 }));
    const sink = toFrames<VideoFrame>({ limit: 10_000 });
    wall.out.out.to(sink);
    const done = bot.run();
    await clock.advance(400);
    const live = (duration?: number) => fromTestPattern({ ...rate, live: true, duration });
    for (const duration of [undefined, 0.2, 0.2, undefined]) {
      let link = {} as LinkRef;
      await bot.change((edit) => {
        link = edit.from(live(duration)).to(wall.input('guest', { opacity: 1 }));
      });
      await clock.advance(400);
      if (duration === undefined) await bot.change((edit) => edit.unlink(link));
      await clock.advance(200);
    }
    const stopped = bot.stop();
    await clock.run({ until: stopped, limitMs: 2_000 });
    await done;
    const list = await sink.finished;
    expect(list.length).toBeGreaterThanOrEqual(70);
    for (const [index, frame] of list.entries()) expect(frame.timestamp).toBe(index * 40_000);
    const numbers = list.map((frame) => readTestPattern(frame)?.frameNumber);
    for (const [guest, length] of [10, 5, 5, 10].entries()) {
      const from = 10 + guest * 15;
      const seen = numbers.slice(from, from + 15).filter((number) => number !== undefined);
      expect(seen.length).toBeGreaterThanOrEqual(length - 1);
      expect(seen[0]).toBe(0);
    }
    expect(numbers.slice(0, 10)).toEqual(Array(10).fill(undefined));
    closeAll(list);
    frames.assertNone();
  });

  it('plays a file in its time beside live pictures, and gives everything back when it is aborted', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 512, height: 144, frameRate: 25 }));
    const numbers: (number | undefined)[][] = [];
    bot.from(fromTestPattern({ ...rate, frameRate: 50, duration: 1 })).to(wall.input('file'));
    bot.from(fromTestPattern({ ...rate, live: true })).to(wall.input('live'));
    wall.out.out.to({
      next: (frame) => {
        numbers.push(numbersOf(frame, halves));
        frame.close();
      },
    });
    const done = bot.run();
    await clock.advance(900);
    expect(numbers).toHaveLength(23);
    for (const [index, read] of numbers.entries()) expect(read).toEqual([2 * index, index]);
    bot.abort();
    await expect(done).rejects.toMatchObject({ code: 'SLUICE_ABORTED' });
    frames.assertNone();
  });

  it('shows only what was made after an interruption', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 256, height: 144, frameRate: 25 }));
    const numbers: (number | undefined)[] = [];
    bot.from(fromTestPattern({ ...rate, frameRate: 5, live: true })).to(wall.input('a'));
    wall.out.out.to({
      next: (frame) => {
        numbers.push(readTestPattern(frame)?.frameNumber);
        frame.close();
      },
    });
    const done = bot.run();
    await clock.advance(230);
    await bot.interrupt();
    await clock.advance(180);
    expect(numbers).toEqual([0, 0, 0, 0, 0, 1, ...Array(4).fill(undefined), 2]);
    await clock.run({ until: bot.stop(), limitMs: 1_000 });
    await done;
    frames.assertNone();
  });

  it('runs without any input, and stops', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(
      composite({ width: 64, height: 36, frameRate: 10, format: 'RGBA', background: 'transparent' }),
    );
    const sink = toFrames<VideoFrame>();
    wall.out.out.pipe(flip({ direction: 'horizontal' })).to(sink);
    const done = bot.run();
    await clock.advance(1_000);
    await clock.run({ until: bot.stop(), limitMs: 1_000 });
    await done;
    const list = await sink.finished;
    expect(list).toHaveLength(11);
    for (const { data } of list) expect(data.every((byte) => byte === 0)).toBe(true);
    closeAll(list);
    frames.assertNone();
  });

  it('stops after its last guest has ended, and begins anew when it is restarted', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 256, height: 144, frameRate: 25 }), { onError: 'restart' });
    const numbers: (number | undefined)[] = [];
    const closed = plainPicture(50);
    closed.close();
    bot.from(fromTestPattern({ ...rate, duration: 0.2, live: true })).to(wall.input('guest'));
    bot.from(concat(of(closed), NEVER)).to(wall.input('broken'));
    wall.out.out.to({
      next: (frame) => {
        numbers.push(readTestPattern(frame)?.frameNumber);
        frame.close();
      },
    });
    const done = bot.run();
    await clock.advance(1_000);
    expect(bot.inspect().nodes.find(({ id }) => id === wall.id)).toMatchObject({ restarts: 1, state: 'running' });
    expect(numbers.filter((number) => number !== undefined)).toEqual([1, 2, 3, 4]);
    expect(numbers.length).toBeGreaterThan(15);
    await clock.run({ until: bot.stop(), limitMs: 1_000 });
    await done;
    frames.assertNone();
  });

  it('fails the graph with what cannot be drawn', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 64, height: 36 }));
    const closed = plainPicture(50);
    closed.close();
    bot.from(concat(of(closed), NEVER)).to(wall.input('a'));
    wall.out.out.to(toNull());
    const failed = expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_FRAME_CLOSED' });
    await clock.advance(40);
    await failed;
    frames.assertNone();
  });

  it('takes pictures only', () => {
    const bot = graph('wall', { clock: new VirtualClock() });
    const wall = bot.add(composite({ width: 64, height: 36 }));
    // @ts-expect-error sound does not go where pictures are expected
    bot.from(fromTone({ duration: 1 })).to(wall.input('a'));
  });

  it('refuses options at once', () => {
    const bot = graph('wall', { clock: new VirtualClock() });
    expect(() => composite({ width: 0, height: 10 })).toThrow(RangeError);
    expect(() => composite({ width: 64, height: 36, layout: 'heap' as never })).toThrow(TypeError);
    expect(() => composite(undefined as never)).toThrow(TypeError);
    const wall = bot.add(composite({ width: 64, height: 36 }));
    expect(() => wall.input('a', { opacity: 7 })).toThrow(RangeError);
    expect(() => wall.input('a', { width: 'wide' })).toThrow(TypeError);
  });

  it('takes a guest away and another under its name at once, and keeps nothing of those who went', async () => {
    const clock = new VirtualClock();
    const bot = graph('wall', { clock });
    const wall = bot.add(composite({ width: 256, height: 144, frameRate: 25 }));
    const sink = toFrames<VideoFrame>({ limit: 10_000 });
    wall.out.out.to(sink);
    await bot.start();
    const live = (duration?: number) => fromTestPattern({ ...rate, live: true, duration });
    let link: LinkRef | undefined;
    for (let guest = 0; guest < 60; guest++) {
      await bot.change((edit) => {
        if (link !== undefined) edit.unlink(link);
        link = edit.from(live(guest % 3 === 0 ? 0.04 : undefined)).to(wall.input('guest', { opacity: 1 }));
        edit.from(live(0.04)).to(wall.input(`other-${guest}`, { visible: false }));
      });
      await clock.advance(80);
    }
    expect(bot.status).toBe('running');
    // At the last change: the one that came, the one before it that may still be held, and the invisible ones.
    expect(queryObjects(CompositeInput as never)).toBeLessThan(8);
    const stopped = bot.stop();
    await clock.run({ until: stopped, limitMs: 2_000 });
    const list = await sink.finished;
    expect(readTestPattern(list.at(-2)!)?.frameNumber).toBeDefined();
    closeAll(list);
  });
});
