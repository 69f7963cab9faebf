import { type FrameTracker, trackFrames } from '@sluice/core/testing';
import { NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { small, Wall } from '../../../test/wall.ts';
import { Compositor, type CompositorOptions } from './compositor.ts';

let frames: FrameTracker;
beforeEach(() => {
  frames = trackFrames({ stacks: true });
});
afterEach(() => {
  frames.stop();
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
    wall.expectNothingKept(frames);
  });
});
