import { colorFormats, detachedContext, micros, type VideoFrame, withContext } from '@sluice/core';
import { type FrameTracker, trackFrames } from '@sluice/core/testing';
import { from, NEVER, Subject, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromaRectanglesOf, type PlainPicture, plainPicture, rectanglesOf } from '../../../test/plain-pictures.ts';
import { StallingClock } from '../../../test/stalling-clock.ts';
import { TestContext } from '../../../test/test-context.ts';
import { fromFrames } from '../../sources/from-frames.ts';
import { Compositor, type CompositorOptions } from './compositor.ts';

const small = { width: 64, height: 32, frameRate: 25 } as const;

let frames: FrameTracker;
beforeEach(() => {
  frames = trackFrames({ stacks: true });
});
afterEach(() => {
  frames.stop();
});

/** A running compositor whose pictures are looked at and closed. */
class Wall {
  readonly context = new TestContext();
  readonly compositor: Compositor;
  readonly shown: { rectangles: Record<number, string>; at: number; timestamp: number; duration: number }[] = [];
  completed = false;
  error: unknown;
  #look: (frame: VideoFrame) => void = () => {};
  readonly stop: () => void;

  constructor(options: Partial<CompositorOptions> = {}, prepare: (compositor: Compositor) => void = () => {}) {
    this.compositor = new Compositor({ ...small, ...options });
    prepare(this.compositor);
    const subscription = withContext(this.context, () =>
      this.compositor.output.subscribe({
        next: (frame) => {
          const { timestamp, duration } = frame;
          const rectangles = frame.format === 'I420' ? rectanglesOf(frame) : {};
          this.shown.push({ rectangles, at: this.context.clock.now(), timestamp, duration });
          this.#look(frame);
          frame.close();
        },
        error: (error: unknown) => {
          this.error = error;
        },
        complete: () => {
          this.completed = true;
        },
      }),
    );
    this.stop = () => subscription.unsubscribe();
  }

  /** An input that the test pushes pictures into. */
  input(id: string, options: Parameters<Compositor['add']>[1] = {}) {
    const stream = new Subject<VideoFrame>();
    const handle = this.compositor.add(stream, { ...options, id });
    const show = (level: number, picture: PlainPicture = {}) => stream.next(plainPicture(level, picture));
    return { handle, show, end: () => stream.complete(), fail: (error: unknown) => stream.error(error) };
  }

  /** The next picture, as rectangles. */
  async next(look: (frame: VideoFrame) => void = () => {}): Promise<Record<number, string>> {
    this.#look = look;
    await this.context.clock.advance(this.shown.length === 0 ? 0 : 40);
    this.#look = () => {};
    return this.shown.at(-1)!.rectangles;
  }

  expectNothingKept(): void {
    frames.assertNone();
    expect(this.context.listeners).toBe(0);
    expect(this.context.clock.timers).toBe(0);
  }
}

describe('Compositor on a clock', () => {
  it('shows the background at its exact times while nobody is there', async () => {
    const wall = new Wall({ frameRate: 29.97 });
    await wall.context.clock.advance(10_000);
    expect(wall.shown).toHaveLength(300);
    for (const [index, { timestamp, at, duration, rectangles }] of wall.shown.entries()) {
      expect(timestamp).toBe(Math.round((index * 1_001_000_000) / 30_000));
      expect(at).toBe(timestamp / 1_000);
      expect(duration).toBe(Math.round(((index + 1) * 1_001_000_000) / 30_000) - timestamp);
      expect(rectangles).toEqual({ 16: '0,0 64x32' });
    }
    wall.stop();
    wall.expectNothingKept();
  });

  it('arranges those with a picture in a grid, the last row in the middle', async () => {
    const wall = new Wall();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => wall.input(id));
    a!.show(50);
    expect(await wall.next()).toEqual({ 50: '0,0 64x32' });
    b!.show(60);
    expect(await wall.next()).toEqual({ 16: '1024 pixels', 50: '0,8 32x16', 60: '32,8 32x16' });
    c!.show(70);
    expect(await wall.next()).toEqual({ 16: '512 pixels', 50: '0,0 32x16', 60: '32,0 32x16', 70: '16,16 32x16' });
    b!.end();
    expect(await wall.next()).toEqual({ 16: '1024 pixels', 50: '0,8 32x16', 70: '32,8 32x16' });
    a!.handle.remove();
    a!.show(50);
    c!.handle.setPlace({ visible: false });
    expect(await wall.next()).toEqual({ 16: '0,0 64x32' });
    wall.stop();
    wall.expectNothingKept();
  });

  it('keeps gaps between cells, and colours exactly below them', async () => {
    const wall = new Wall({
      width: 66,
      height: 34,
      layout: { kind: 'grid', columns: 2, gap: 3 },
      background: '#808080',
    });
    for (const [index, level] of [40, 50, 60, 70].entries()) wall.input(`${index}`, { fit: 'fill' }).show(level);
    let chroma: Record<number, string> = {};
    expect(
      await wall.next((frame) => {
        chroma = chromaRectanglesOf(frame);
      }),
    ).toEqual({ 40: '0,0 32x16', 50: '34,0 32x16', 60: '0,18 32x16', 70: '34,18 32x16', 126: '196 pixels' });
    expect(chroma).toEqual({ 40: '0,0 16x8', 50: '17,0 16x8', 60: '0,9 16x8', 70: '17,9 16x8', 128: '49 pixels' });
    wall.stop();
    wall.expectNothingKept();
  });

  it('lays insets into a corner, and changes who fills the picture', async () => {
    const wall = new Wall({ layout: { kind: 'picture-in-picture', size: 0.25, margin: 2 } });
    const [a, b] = [wall.input('a'), wall.input('b')];
    wall.input('silent');
    a.show(50);
    b.show(60);
    wall.input('c').show(70);
    expect(await wall.next()).toEqual({ 50: '1792 pixels', 60: '46,22 16x8', 70: '46,12 16x8' });
    wall.compositor.setLayout({ kind: 'picture-in-picture', main: 'b', corner: 'top-left', size: 0.5, margin: 0 });
    expect(await wall.next()).toEqual({ 50: '0,0 32x16', 60: '32,0 32x32', 70: '0,16 32x16' });
    b.end();
    expect(await wall.next()).toEqual({ 50: '1536 pixels', 70: '0,0 32x16' });
    wall.stop();
    wall.expectNothingKept();
  });

  it('draws sprites at their places, in order, through each other, cut off at the edges', async () => {
    const wall = new Wall({ layout: 'free' });
    wall.input('above', { x: 8, y: 8, z: 1, opacity: 0.5 }).show(200, { width: 16, height: 8 });
    wall.input('below', { x: 0, y: 0, width: 32, height: 16, fit: 'fill' }).show(100, { width: 8, height: 8 });
    const moving = wall.input('moving', { x: -8, y: 20, width: 16, height: 8 });
    moving.show(180, { width: 16, height: 8 });
    const below = '384 pixels';
    expect(await wall.next()).toEqual({ 16: '1472 pixels', 100: below, 150: '8,8 16x8', 180: '0,20 8x8' });
    moving.handle.setPlace({ x: 60, y: 30 });
    expect(await wall.next()).toEqual({ 16: '1528 pixels', 100: below, 150: '8,8 16x8', 180: '60,30 4x2' });
    moving.handle.setPlace({ x: 64 });
    expect(await wall.next()).toEqual({ 16: '1536 pixels', 100: below, 150: '8,8 16x8' });
    wall.stop();
    wall.expectNothingKept();
  });

  it('gives a sprite its own size, or the side that follows from the other', async () => {
    const wall = new Wall({ layout: 'free' });
    const sprite = wall.input('sprite', { x: 2.9, y: 4 });
    sprite.show(90, { width: 20, height: 10 });
    expect(await wall.next()).toMatchObject({ 90: '2,4 20x10' });
    sprite.handle.setPlace({ height: 20 });
    expect(await wall.next()).toMatchObject({ 90: '2,4 40x20' });
    sprite.show(91, { width: 10, height: 20 });
    expect(await wall.next()).toMatchObject({ 91: '2,4 10x20' });
    sprite.handle.setPlace({ width: 4, height: undefined });
    expect(await wall.next()).toMatchObject({ 91: '2,4 4x8' });
    wall.stop();
    wall.expectNothingKept();
  });

  it.each([
    ['contain', '16,0 32x32'],
    ['cover', '0,0 64x32'],
    ['fill', '0,0 64x32'],
  ] as const)('brings pictures of any size to their cell, also when it changes, with %s', async (fit, square) => {
    const wall = new Wall({ fit });
    const input = wall.input('a');
    input.show(50, { width: 100, height: 50 });
    expect(await wall.next()).toEqual({ 50: '0,0 64x32' });
    input.show(60, { width: 8, height: 8 });
    expect(await wall.next()).toMatchObject({ 60: square });
    input.handle.setPlace({ fit: 'fill' });
    expect(await wall.next()).toMatchObject({ 60: '0,0 64x32' });
    input.show(70, { width: 1, height: 1, format: 'RGB' });
    expect(await wall.next()).toEqual({ [16 + Math.round((70 * 219) / 255)]: '0,0 64x32' });
    wall.stop();
    wall.expectNothingKept();
  });

  it.each(colorFormats)('takes and makes pictures in %s', async (format) => {
    const wall = new Wall({ format, width: 33, height: 17, background: '#fff' });
    wall.input('a', { fit: 'fill' }).show(128, { width: 33, height: 17, format });
    wall.input('b', { visible: false }).show(1, { width: 2, height: 2, format: 'ARGB' });
    let data = new Uint8Array();
    await wall.next((frame) => {
      expect(frame).toMatchObject({ width: 33, height: 17, format });
      data = frame.data.slice();
    });
    // With an alpha of 128, half of it is the white behind.
    expect(new Set(data)).toEqual(new Set(format === 'I420' || format === 'RGB' ? [128] : [191, 255]));
    wall.stop();
    wall.expectNothingKept();
  });

  it.each(['RGBA', 'BGRA', 'ARGB', 'ABGR'] as const)('composites what is transparent in %s', async (format) => {
    const wall = new Wall({ format, width: 8, height: 2, background: 'transparent', layout: 'free' });
    const colors = {
      RGBA: [200, 80, 40, 128],
      BGRA: [40, 80, 200, 128],
      ARGB: [128, 200, 80, 40],
      ABGR: [128, 40, 80, 200],
    };
    const shown = (count: number, width: number) => {
      const frame = plainPicture(0, { format, width, height: 2 });
      for (let at = 0; at < 4 * count; at += 4) frame.data.set(colors[format], at);
      return frame;
    };
    const glass = new Subject<VideoFrame>();
    wall.compositor.add(glass, { id: 'glass' });
    glass.next(shown(8, 4));
    wall.input('video', { x: 6, opacity: 0.5 }).show(100, { format: 'I420', width: 2, height: 2 });
    let data = new Uint8Array();
    await wall.next((frame) => {
      data = frame.data.slice();
    });
    const [place] = [format.indexOf('A') === 0 ? 0 : 3];
    expect([...data.subarray(0, 4)]).toEqual(colors[format]);
    expect([...data.subarray(16, 20)]).toEqual([0, 0, 0, 0]);
    // Grey of half the opacity is as grey as before.
    const grey = [...data.subarray(24, 28)];
    expect(grey[place]).toBe(128);
    const levels = grey.filter((_, at) => at !== place);
    expect(Math.max(...levels) - Math.min(...levels)).toBeLessThan(100);
    wall.stop();
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
  });

  it('fails with an input, or goes on without it if somebody is told', async () => {
    const failing = new Wall();
    failing.input('a').show(50);
    failing.compositor.add(throwError(() => new Error('no signal')));
    expect(failing.error).toEqual(new Error('no signal'));
    failing.expectNothingKept();

    const told: unknown[] = [];
    const wall = new Wall({ onInputError: (...what) => told.push(what) });
    const [a, b] = [wall.input('a'), wall.input('b')];
    a.show(50);
    b.show(60);
    b.fail('gone');
    expect(await wall.next()).toEqual({ 50: '0,0 64x32' });
    expect(told).toEqual([['b', 'gone']]);
    wall.stop();
    wall.expectNothingKept();
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
    wall.expectNothingKept();
  });

  it('reports once that cells have no pixel left', async () => {
    const wall = new Wall({ layout: { kind: 'grid', gap: 62 } });
    const inputs = Array.from({ length: 9 }, (_, index) => wall.input(`${index}`));
    for (const { show } of inputs) show(50);
    expect(await wall.next()).toEqual({ 16: '0,0 64x32' });
    expect(await wall.next()).toEqual({ 16: '0,0 64x32' });
    expect(wall.context.reports).toMatchObject([{ code: 'SLUICE_COMPOSITE_CELLS' }]);
    for (const { handle } of inputs.slice(1)) handle.remove();
    expect(await wall.next()).toEqual({ 50: '0,0 64x32' });
    wall.stop();
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
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
    wall.expectNothingKept();
  });
});

describe('what Compositor refuses', () => {
  it.each([
    [{ width: 0 }, RangeError],
    [{ width: 20_000 }, RangeError],
    [{ width: 16_384, height: 16_384 }, RangeError],
    [{ height: 1.5 }, TypeError],
    [{ frameRate: 0 }, RangeError],
    [{ format: 'NV12' }, TypeError],
    [{ background: 'mauve' }, TypeError],
    [{ fit: 'inside' }, TypeError],
    [{ filter: 'sharp' }, TypeError],
    [{ timing: 'soon' }, TypeError],
    [{ staleMs: 0 }, RangeError],
    [{ layout: 'heap' }, TypeError],
    [{ layout: null }, TypeError],
    [{ layout: { kind: 'grid', columns: 0 } }, RangeError],
    [{ layout: { kind: 'grid', gap: -1 } }, RangeError],
    [{ layout: { kind: 'picture-in-picture', corner: 'middle' } }, TypeError],
    [{ layout: { kind: 'picture-in-picture', size: 2 } }, RangeError],
    [{ layout: { kind: 'picture-in-picture', main: 3 } }, TypeError],
    [{ layout: { kind: 'picture-in-picture', margin: 0.5 } }, TypeError],
  ])('%j', (options, error) => {
    expect(() => new Compositor({ ...small, ...(options as Partial<CompositorOptions>) })).toThrow(error);
  });

  it('an input with options that are none', () => {
    expect(() => new Compositor(small).add(NEVER, null as never)).toThrow(/^composite input is not valid/);
  });

  it.each([
    [{ x: 99_999 }, RangeError],
    [{ y: Number.NaN }, TypeError],
    [{ width: 0 }, RangeError],
    [{ height: 20_000 }, RangeError],
    [{ width: 16_000, height: 16_000 }, RangeError],
    [{ opacity: 2 }, RangeError],
    [{ visible: 1 }, TypeError],
    [{ z: '1' }, TypeError],
    [{ fit: 'inside' }, TypeError],
    [{ staleMs: -1 }, RangeError],
    [{ id: 4 }, TypeError],
    [{ id: 'taken' }, TypeError],
  ])('an input with %j', (options, error) => {
    const compositor = new Compositor(small);
    const taken = compositor.add(NEVER, { id: 'taken' });
    expect(() => compositor.add(NEVER, options as object)).toThrow(error);
    const { id: _, staleMs: __, ...place } = options as { id?: unknown; staleMs?: unknown };
    if (Object.keys(place).length > 0) expect(() => taken.setPlace(place)).toThrow(error);
  });

  it('what is no stream, and a second subscription', () => {
    const wall = new Wall();
    expect(() => wall.compositor.add({} as never)).toThrow(TypeError);
    const errors: unknown[] = [];
    wall.compositor.output.subscribe({ error: (raised: unknown) => errors.push(raised) });
    expect(errors).toMatchObject([{ code: 'SLUICE_SUBSCRIBED_TWICE' }]);
    wall.stop();
    wall.expectNothingKept();
  });
});
