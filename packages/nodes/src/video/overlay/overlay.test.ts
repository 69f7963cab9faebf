import { type ControlMessage, micros, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import { from, lastValueFrom, type Observable, Subject } from 'rxjs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { TestContext } from '../../../test/test-context.ts';
import { type OverlayOperator, type OverlaySource, overlay } from './overlay.ts';

const video = { width: 64, height: 48, format: 'RGBA' } as const;
const red = {
  svg: '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="6"><rect width="8" height="6" fill="#f00"/></svg>',
};
const blue = { svg: red.svg.replace('#f00', '#00f') };

const black = (index: number, format: VideoFrame['format'] = 'RGBA') => {
  const times = { timestamp: (index * 40_000) as VideoFrame['timestamp'], duration: 40_000 as VideoFrame['duration'] };
  const frame = videoFramePool.frame({ ...video, format, ...times });
  frame.data.fill(0);
  // Opaque: what is laid over a transparent picture is composited.
  if (format === 'RGBA') for (let at = 3; at < frame.data.length; at += 4) frame.data[at] = 255;
  return frame;
};
const blacks = (count: number, first = 0) => Array.from({ length: count }, (_, index) => black(first + index));

/** The rectangle of what is not black, and its first colour. */
function seenIn(frame: VideoFrame) {
  let [left, top, right, bottom, color] = [frame.width, frame.height, 0, 0, [0, 0, 0]];
  for (let y = 0; y < frame.height; y++)
    for (let x = 0; x < frame.width; x++) {
      const pixel = [...frame.data.subarray(4 * (y * frame.width + x), 4 * (y * frame.width + x) + 3)];
      if (pixel.every((value) => value === 0)) continue;
      if (right === 0) color = pixel;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
    }
  return right === 0 ? undefined : { left, top, width: right - left, height: bottom - top, color };
}

async function run(source: Observable<VideoFrame>, operator: OverlayOperator, context = new TestContext()) {
  const state = {
    seen: [] as ReturnType<typeof seenIn>[],
    times: [] as number[],
    error: undefined as unknown,
    done: false,
  };
  const subscription = withContext(context, () =>
    source.pipe(operator).subscribe({
      next: (frame) => {
        state.seen.push(seenIn(frame));
        state.times.push(frame.timestamp);
        frame.close();
      },
      error: (error: unknown) => {
        state.error = error;
      },
      complete: () => {
        state.done = true;
      },
    }),
  );
  await context.clock.settle();
  return { state, context, subscription };
}

describe('overlay', () => {
  it('lays an image where it is told to, in its colours', async () => {
    const png = await sharp({ create: { width: 5, height: 4, channels: 3, background: '#0f0' } })
      .png()
      .toBuffer();
    const { state } = await run(from(blacks(2)), overlay({ image: png }, { x: 'right', y: 'bottom', margin: 3 }));
    expect(state.seen).toEqual(Array(2).fill({ left: 56, top: 41, width: 5, height: 4, color: [0, 255, 0] }));
    expect(state.done).toBe(true);
  });

  it('moves, fades and hides what it shows by a function of media time', async () => {
    const at = (t: number) => ({ x: 100 * t, y: 'center', opacity: 1 - t, visible: t < 0.1 }) as const;
    const { state } = await run(from(blacks(4)), overlay(red, { at }));
    expect(state.seen.map((seen) => seen?.left)).toEqual([0, 4, 8, undefined]);
    expect(state.seen.map((seen) => seen?.top)).toEqual([21, 21, 21, undefined]);
    expect(state.seen.map((seen) => seen?.color[0])).toEqual([255, 245, 235, undefined]);
  });

  it('keeps the colours of what it lays over nothing, and the alpha of both', async () => {
    const glass = { svg: red.svg.replace('fill="#f00"', 'fill="#f00" fill-opacity="0.5"') };
    const ground = videoFramePool.frame({ ...video, timestamp: micros(0) });
    for (let at = 0; at < ground.data.length; at += 4)
      ground.data.set(at % 8 === 0 ? [0, 0, 0, 0] : [0, 0, 255, 128], at);
    const frame = await lastValueFrom(from([ground]).pipe(overlay(glass)));
    // Half of red over nothing, and over half of blue: 2/3 of what is seen is red.
    expect([...frame.data.subarray(0, 4)]).toEqual([255, 0, 0, 128]);
    expect([...frame.data.subarray(4, 8)]).toEqual([170, 0, 85, 192]);
    expect([...frame.data.subarray(4 * 8, 4 * 10)]).toEqual([0, 0, 0, 0, 0, 0, 255, 128]);
    frame.close();
  });

  it('draws in place if nobody else sees the bytes, else on a copy', async () => {
    using tracked = trackFrames();
    const [own, shared] = [black(0), black(1)];
    const kept = shared.clone();
    const bytes = own.data;
    const out: Uint8Array[] = [];
    const context = new TestContext();
    withContext(context, () =>
      from([own, shared])
        .pipe(overlay(red))
        .subscribe((frame) => {
          out.push(frame.data);
          frame.close();
        }),
    );
    await context.clock.settle();
    expect(out[0]).toBe(bytes);
    expect(out[1]).not.toBe(kept.data);
    expect(seenIn(kept)).toBeUndefined();
    kept.close();
    tracked.assertNone();
  });

  it('holds frames for the first content only, and lets the oldest go as it is when too many wait', async () => {
    using tracked = trackFrames();
    const live = new Subject<VideoFrame>();
    const running = run(live, overlay(red));
    for (const frame of blacks(10)) live.next(frame);
    const { state, context } = await running;
    expect(state.times).toEqual(Array.from({ length: 10 }, (_, index) => index * 40_000));
    expect(state.seen.map((seen) => seen === undefined)).toEqual([true, true, ...Array(8).fill(false)]);
    expect(context.mostHeld).toBe(9);
    expect(context.held).toBe(0);
    tracked.assertNone();
  });

  it('shows the former content until the next one is drawn, and the last of several', async () => {
    const live = new Subject<VideoFrame>();
    const operator = overlay(red);
    const { state, context } = await run(live, operator);
    live.next(black(0));
    operator.setContent({ text: 'never seen for long' });
    operator.setContent({ svg: 'no SVG' });
    operator.setContent(blue);
    live.next(black(1));
    await context.clock.settle();
    live.next(black(2));
    operator.setContent(null);
    live.next(black(3));
    expect(state.seen.map((seen) => seen?.color)).toEqual([[255, 0, 0], [255, 0, 0], [0, 0, 255], undefined]);
    expect(context.reports).toEqual([]);
  });

  it('shows for each media time what a function says, frame by frame if it is to be exact', async () => {
    const content = (t: number) => (t < 0.05 ? red : t < 0.1 ? blue : null);
    const { state } = await run(from(blacks(4)), overlay(content, { exact: true }));
    expect(state.seen.map((seen) => seen?.color)).toEqual([[255, 0, 0], [255, 0, 0], [0, 0, 255], undefined]);
    expect(state.done).toBe(true);
  });

  it('takes messages, by its name where there are several', async () => {
    const live = new Subject<VideoFrame>();
    const { state, context } = await run(live, overlay(red, { id: 'logo' }));
    const send = (message: ControlMessage) => context.send(message);
    expect(send({ type: 'set-place', id: 'other', x: 4 })).toBe(false);
    expect(send({ type: 'set-gain', db: 4 })).toBe(false);
    expect(send({ type: 'set-place', id: 'logo', x: 4 })).toBe(true);
    live.next(black(0));
    expect(send({ type: 'set-place', y: 5, opacity: 0.5 })).toBe(true);
    live.next(black(1));
    expect(send({ type: 'set-overlay', content: blue })).toBe(true);
    await context.clock.settle();
    live.next(black(2));
    expect(send({ type: 'set-text', text: '' })).toBe(true);
    await context.clock.settle();
    live.next(black(3));
    expect(state.seen.map((seen) => [seen?.left, seen?.top, seen?.color])).toEqual([
      [4, 0, [255, 0, 0]],
      [4, 5, [128, 0, 0]],
      [4, 5, [0, 0, 128]],
      [undefined, undefined, undefined],
    ]);
  });

  it('draws text in the height of its line, as wide as it needs, and escapes it', async () => {
    const style = { sizePx: 16, padding: 2, background: '#010203' } as const;
    const operator = overlay({ text: '<b>&', ...style });
    const live = new Subject<VideoFrame>();
    const { state, context } = await run(live, operator);
    for (const text of ['ooo', 'Ãgj', 'o\no', 'o\u0000\ud800']) {
      live.next(black(state.seen.length));
      operator.setText(text);
      await context.clock.settle();
    }
    live.next(black(4));
    expect(state.seen.map((seen) => seen?.height)).toEqual([24, 24, 24, 44, 24]);
    expect(state.seen.every((seen) => seen!.width > 8 && seen!.color.join() === '1,2,3')).toBe(true);
    expect(context.reports).toEqual([]);
  });

  it('scales what it shows, and takes the pixels of a frame at once', async () => {
    const frame = black(0, 'BGRA');
    frame.data.fill(255);
    const operator = overlay({ frame }, { width: 32 });
    frame.close();
    const { state } = await run(from(blacks(1)), operator);
    expect(state.seen[0]).toMatchObject({ width: 32, height: 24, color: [255, 255, 255] });
    const svg = await run(from(blacks(1)), overlay(red, { height: 24 }));
    expect(svg.state.seen[0]).toMatchObject({ width: 32, height: 24, color: [255, 0, 0] });
  });

  it.each([
    ['image', { image: new Uint8Array([1, 2, 3]) }],
    ['image', { image: '/nowhere/at/all.png' }],
    ['SVG', { svg: '<svg' }],
    ['SVG', { svg: '<svg xmlns="http://www.w3.org/2000/svg" width="9999" height="9999"/>' }],
    ['text', { text: 'm'.repeat(3_000) }],
  ])('fails with a first %s that cannot be drawn, and only reports a later one', async (kind, content) => {
    using tracked = trackFrames();
    const first = await run(from(blacks(2)), overlay(content));
    expect(first.state.error).toMatchObject({ code: 'SLUICE_OVERLAY_CONTENT', message: expect.stringContaining(kind) });
    const live = new Subject<VideoFrame>();
    const operator = overlay(red);
    const { state, context } = await run(live, operator);
    operator.setContent(content);
    await context.clock.settle();
    live.next(black(0));
    expect(context.reports).toMatchObject([{ code: 'SLUICE_OVERLAY_CONTENT' }]);
    expect(state.seen[0]?.color).toEqual([255, 0, 0]);
    tracked.assertNone();
  });

  it('fails with what a function throws or says wrong, and closes the frame', async () => {
    using tracked = trackFrames();
    const fault = new Error('no idea');
    const throwing = () => {
      throw fault;
    };
    expect((await run(from(blacks(2)), overlay(red, { at: throwing }))).state.error).toBe(fault);
    expect((await run(from(blacks(1)), overlay(throwing))).state.error).toBe(fault);
    const wrong = await run(from(blacks(2)), overlay(red, { at: () => ({ x: Number.NaN }) }));
    expect(wrong.state.error).toBeInstanceOf(TypeError);
    const promised = await run(from(blacks(1)), overlay(red, { at: (async () => ({ x: 1 })) as never }));
    expect(promised.state.error).toMatchObject({ message: expect.stringMatching(/^overlay.at\(\) is not valid/) });
    expect(
      (
        await run(
          from(blacks(1)),
          overlay(() => ({}) as never),
        )
      ).state.error,
    ).toBeInstanceOf(TypeError);
    tracked.assertNone();
  });

  it('drops what waits on an interruption, and counts it', async () => {
    using tracked = trackFrames();
    const live = new Subject<VideoFrame>();
    const context = new TestContext();
    const running = run(live, overlay(red), context);
    for (const frame of blacks(3)) live.next(frame);
    context.interrupt();
    live.next(black(3));
    live.complete();
    const { state } = await running;
    expect(context.droppedMicros).toBe(120_000);
    expect(state.times).toEqual([120_000]);
    expect(state.done).toBe(true);
    tracked.assertNone();
  });

  it('refuses values of the wrong kind or range at once', () => {
    const refuse = (content: unknown, options?: object) => () => overlay(content as OverlaySource, options);
    expect(refuse({})).toThrow(TypeError);
    expect(refuse({ text: 'a', svg: 'b' })).toThrow(/one of image, svg, text, frame/);
    expect(refuse({ text: 'a', color: 'red' })).toThrow(/#rrggbb/);
    expect(refuse({ text: 'a', sizePx: 1 })).toThrow(RangeError);
    expect(refuse({ image: new URL('http://example.com/a.png') })).toThrow(TypeError);
    expect(refuse({ frame: {} })).toThrow(/VideoFrame/);
    expect(refuse(red, { x: 'middle' })).toThrow(/left, center, right/);
    expect(refuse(red, { opacity: 2 })).toThrow(RangeError);
    expect(refuse(red, { width: 0.5 })).toThrow(TypeError);
    expect(refuse(red, { at: 4 })).toThrow(TypeError);
    expect(() => overlay(red).setPlace('left' as never)).toThrow(/^setPlace is not valid/);
    expect(() => overlay(red).setPlace({ y: Number.NaN })).toThrow(TypeError);
    expect(() => overlay(red).setText(4 as never)).toThrow(TypeError);
  });
});
