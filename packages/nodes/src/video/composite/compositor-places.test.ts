import { colorFormats, type VideoFrame } from '@sluice/core';
import { type FrameTracker, trackFrames } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromaRectanglesOf, plainPicture } from '../../../test/plain-pictures.ts';
import { Wall } from '../../../test/wall.ts';

let frames: FrameTracker;
beforeEach(() => {
  frames = trackFrames({ stacks: true });
});
afterEach(() => {
  frames.stop();
});

describe('where Compositor puts pictures', () => {
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
  });

  it.each([
    ['I420', 'RGBA'],
    ['I420', 'ABGR'],
    ['RGB', 'ARGB'],
    ['RGB', 'BGRA'],
  ] as const)('lays what is transparent over a result in %s as much as it is seen, from %s', async (format, from) => {
    const wall = new Wall({ format, width: 9, height: 7, background: '#fff', layout: 'free' });
    // From the left: opaque black, red that nobody can see, and blue at an alpha of 51, a fifth.
    const columns = [
      { red: 0, green: 0, blue: 0, alpha: 255 },
      { red: 255, green: 0, blue: 0, alpha: 0 },
      { red: 0, green: 0, blue: 255, alpha: 51 },
    ];
    const orders = {
      RGBA: ['red', 'green', 'blue', 'alpha'],
      ARGB: ['alpha', 'red', 'green', 'blue'],
      ABGR: ['alpha', 'blue', 'green', 'red'],
      BGRA: ['blue', 'green', 'red', 'alpha'],
    } as const;
    const glass = plainPicture(0, { format: from, width: 6, height: 4 });
    for (let at = 0; at < 24; at++)
      for (const [byte, part] of orders[from].entries())
        glass.data[4 * at + byte] = columns[Math.floor((at % 6) / 2)]![part];
    const stream = new Subject<VideoFrame>();
    wall.compositor.add(stream, { id: 'glass', x: 2, y: 2 });
    stream.next(glass);
    let rows: (readonly number[])[] = [];
    await wall.next(({ data, width, height }) => {
      const chroma = 5 * 4;
      const pixelAt = (x: number, y: number) =>
        format === 'RGB'
          ? [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]
          : [0, width * height, width * height + chroma].map(
              (plane, index) => data[plane + (index === 0 ? y * width + x : (y >> 1) * 5 + (x >> 1))]!,
            );
      rows = [0, 2, 4, 6, 8].map((x) => pixelAt(x, 3));
    });
    // White of BT.601 is 235, 128, 128, blue 41, 240, 110: four fifths of the one and a fifth of the other.
    const white = format === 'RGB' ? [255, 255, 255] : [235, 128, 128];
    const black = format === 'RGB' ? [0, 0, 0] : [16, 128, 128];
    const blue = format === 'RGB' ? [204, 204, 255] : [196, 150, 124];
    expect(rows).toEqual([white, black, white, blue, white]);
    wall.stop();
    wall.expectNothingKept(frames);
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
    wall.expectNothingKept(frames);
  });
});
