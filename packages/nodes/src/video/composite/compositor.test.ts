import { detachedContext, micros, withContext } from '@sluice/core';
import { type FrameTracker, trackFrames } from '@sluice/core/testing';
import { from, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plainPicture } from '../../../test/plain-pictures.ts';
import { StallingClock } from '../../../test/stalling-clock.ts';
import { small, Wall } from '../../../test/wall.ts';
import { fromFrames } from '../../sources/from-frames.ts';
import { Compositor } from './compositor.ts';

let frames: FrameTracker;
beforeEach(() => {
  frames = trackFrames({ stacks: true });
});
afterEach(() => {
  frames.stop();
});

describe('Compositor on a clock', () => {
  it('shows the background at its exact times while nobody is there', async () => {
    const wall = new Wall({ frameRate: 29.97, width: 8, height: 4 });
    await wall.context.clock.advance(10_000);
    expect(wall.shown).toHaveLength(300);
    for (const [index, { timestamp, at, duration, rectangles }] of wall.shown.entries()) {
      expect(timestamp).toBe(Math.round((index * 1_001_000_000) / 30_000));
      expect(at).toBe(timestamp / 1_000);
      expect(duration).toBe(Math.round(((index + 1) * 1_001_000_000) / 30_000) - timestamp);
      expect(rectangles).toEqual({ 16: '0,0 8x4' });
    }
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('shows the newest picture, repeats it, and scales it once', async () => {
    const wall = new Wall();
    const input = wall.input('a');
    for (const level of [40, 50, 60]) input.show(level);
    for (let index = 0; index < 5; index++) expect(await wall.next()).toEqual({ 60: '0,0 64x32' });
    expect(input.handle.statistics).toEqual({ received: 3, passedOver: 2 });
    const opened = frames.opened;
    await wall.next();
    expect(frames.opened).toBe(opened + 1);
    expect(frames.open).toBe(2);
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('lets an input disappear when it is silent for too long, until its next picture', async () => {
    const wall = new Wall({ staleMs: 100 });
    const [a, b] = [wall.input('a'), wall.input('b', { staleMs: Number.POSITIVE_INFINITY })];
    a.show(50);
    b.show(60);
    for (let index = 0; index < 3; index++) expect(await wall.next()).toMatchObject({ 50: '0,8 32x16' });
    expect(await wall.next()).toEqual({ 60: '0,0 64x32' });
    expect(frames.open).toBe(2);
    a.show(51);
    expect(await wall.next()).toMatchObject({ 51: '0,8 32x16' });
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('plays what has no time of its own by its timestamps, at any rate, holding it back', async () => {
    const wall = new Wall();
    const clip = (count: number, ms: number) =>
      fromFrames(
        (function* () {
          for (let index = 0; index < count; index++)
            yield plainPicture(50 + index, { timestamp: micros(index * ms * 1_000), duration: micros(ms * 1_000) });
        })(),
      );
    await wall.next();
    const slow = wall.compositor.add(clip(4, 80), { id: 'slow' });
    const fast = wall.compositor.add(clip(8, 20), { id: 'fast' });
    const levels: string[][] = [];
    for (let index = 0; index < 9; index++)
      levels.push(Object.keys(await wall.next()).filter((level) => level !== '16'));
    expect(levels).toEqual([['50'], ['50', '52'], ['51', '54'], ['51', '56'], ['52'], ['52'], ['53'], ['53'], []]);
    expect(slow.statistics).toEqual({ received: 4, passedOver: 0 });
    expect(fast.statistics).toEqual({ received: 8, passedOver: 4 });
    expect(frames.open).toBe(0);
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('drops what was made before an interruption', async () => {
    const wall = new Wall();
    const [a, b] = [wall.input('a'), wall.input('b')];
    a.show(50);
    await wall.next();
    wall.context.interrupt();
    a.show(51, { epoch: 0 });
    b.show(60, { epoch: 1 });
    expect(await wall.next()).toEqual({ 60: '0,0 64x32' });
    expect(a.handle.statistics).toEqual({ received: 2, passedOver: 1 });
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('ends after end() with its last input, and not before', async () => {
    const wall = new Wall();
    const input = wall.input('a');
    input.show(50);
    await wall.next();
    wall.compositor.end();
    await wall.next();
    expect(wall.completed).toBe(false);
    input.end();
    await wall.context.clock.advance(40);
    expect(wall.completed).toBe(true);
    expect(wall.shown).toHaveLength(2);
    wall.expectNothingKept(frames);
  });

  it('fails with an input, or goes on without it if somebody is told', async () => {
    const failing = new Wall();
    failing.input('a').show(50);
    failing.compositor.add(throwError(() => new Error('no signal')));
    expect(failing.error).toEqual(new Error('no signal'));
    failing.expectNothingKept(frames);

    const told: unknown[] = [];
    const wall = new Wall({ onInputError: (...what) => told.push(what) });
    const [a, b] = [wall.input('a'), wall.input('b')];
    a.show(50);
    b.show(60);
    b.fail('gone');
    expect(await wall.next()).toEqual({ 50: '0,0 64x32' });
    expect(told).toEqual([['b', 'gone']]);
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('takes messages', async () => {
    const wall = new Wall();
    wall.input('a').show(50);
    wall.input('b').show(60);
    expect(
      wall.context.send({ type: 'set-layout', layout: { kind: 'picture-in-picture', main: 'b', margin: 0 } }),
    ).toBe(true);
    expect(wall.context.send({ type: 'set-place', input: 'a', opacity: 0 })).toBe(true);
    expect(wall.context.send({ type: 'set-gain', db: 3 })).toBe(false);
    expect(() => wall.context.send({ type: 'set-layout', layout: 'heap' })).toThrow(TypeError);
    expect(() => wall.context.send({ type: 'set-place', input: 'c', x: 1 })).toThrow(/one of: a, b/);
    expect(await wall.next()).toEqual({ 60: '0,0 64x32' });
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('catches up with a short stall, and begins its schedule anew after a long one', () => {
    const clock = new StallingClock();
    const compositor = new Compositor(small);
    const times: number[] = [];
    const subscription = withContext(detachedContext(clock), () =>
      compositor.output.subscribe((frame) => {
        times.push(frame.timestamp / 1_000);
        frame.close();
      }),
    );
    clock.jump(0);
    clock.jump(130);
    expect(times).toEqual([0, 40, 80, 120]);
    clock.jump(1_000);
    expect(times.splice(4)).toEqual([160]);
    clock.jump(39);
    expect(times).toHaveLength(4);
    clock.jump(1);
    expect(times.splice(4)).toEqual([200]);
    subscription.unsubscribe();
    frames.assertNone();
  });
});

describe('Compositor by its inputs', () => {
  const clip = (count: number, ms: number, level: number, duration = ms) =>
    from(
      Array.from({ length: count }, (_, index) =>
        plainPicture(level + index, {
          timestamp: micros(7_000_000 + index * ms * 1_000),
          duration: micros(duration * 1_000),
        }),
      ),
    );

  it('makes a picture for each time, as fast as it is taken, and ends with the last input', async () => {
    const wall = new Wall({ timing: 'inputs' }, (compositor) => {
      compositor.add(clip(3, 80, 50), { id: 'slow' });
      compositor.add(clip(4, 40, 60), { id: 'even' });
      compositor.end();
    });
    await wall.context.clock.settle();
    expect(wall.completed).toBe(true);
    expect(wall.shown.map(({ rectangles }) => Object.keys(rectangles).filter((level) => level !== '16'))).toEqual([
      ['50', '60'],
      ['50', '61'],
      ['51', '62'],
      ['51', '63'],
      ['52'],
      ['52'],
    ]);
    expect(wall.shown.map(({ timestamp }) => timestamp)).toEqual([0, 40, 80, 120, 160, 200].map((ms) => ms * 1_000));
    wall.expectNothingKept(frames);
  });

  it('waits for the next picture where durations are not known', async () => {
    const wall = new Wall({ timing: 'inputs' });
    const input = wall.input('a');
    input.show(50, { timestamp: micros(0) });
    await wall.context.clock.settle();
    expect(wall.shown).toHaveLength(0);
    input.show(51, { timestamp: micros(100_000) });
    await wall.context.clock.settle();
    expect(wall.shown).toHaveLength(3);
    input.end();
    await wall.context.clock.settle();
    expect(wall.shown).toHaveLength(4);
    wall.compositor.end();
    await wall.context.clock.settle();
    expect(wall.completed).toBe(true);
    wall.expectNothingKept(frames);
  });

  it('waits for the receiver, and holds sources back', async () => {
    const wall = new Wall({ timing: 'inputs' });
    wall.context.setRoom(false);
    const input = wall.input('a');
    for (let index = 0; index < 20; index++)
      input.show(50 + index, { timestamp: micros(index * 40_000), duration: micros(40_000) });
    expect(input.handle.hasRoom).toBe(false);
    expect(frames.open).toBeLessThan(12);
    wall.context.setRoom(true);
    await wall.context.clock.settle();
    expect(wall.shown.length).toBeGreaterThan(5);
    wall.stop();
    wall.expectNothingKept(frames);
  });

  it('goes on where it was when the timestamps of an input begin anew', async () => {
    const wall = new Wall({ timing: 'inputs' });
    const input = wall.input('a');
    for (const [level, ms] of [
      [50, 0],
      [51, 40],
      [52, 0],
      [53, 40],
    ] as const)
      input.show(level, { timestamp: micros(ms * 1_000), duration: micros(40_000) });
    await wall.context.clock.settle();
    expect(wall.shown.map(({ rectangles }) => Object.keys(rectangles))).toEqual([['50'], ['51'], ['52'], ['53']]);
    wall.stop();
    wall.expectNothingKept(frames);
  });
});
