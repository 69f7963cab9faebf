import { type ColorFormat, colorFormats, NODE, type VideoFrame, videoFramePool, withContext } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toFrames } from '../sinks/to-frames.ts';
import { readTestPattern } from '../video/pattern/read-test-pattern.ts';
import { type FromTestPatternOptions, fromTestPattern } from './from-test-pattern.ts';

async function collect(options: FromTestPatternOptions): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromTestPattern(options).subscribe(sink);
  return sink.finished;
}

async function one(options: FromTestPatternOptions): Promise<VideoFrame> {
  return (await collect({ frames: 1, ...options }))[0]!;
}

describe('fromTestPattern', () => {
  it('says what it makes: 1280x720 I420 at 30 frames per second unless told otherwise', async () => {
    expect(fromTestPattern()[NODE]).toMatchObject({
      name: 'fromTestPattern',
      format: { kind: 'video', width: 1_280, height: 720, format: 'I420' },
    });
    using tracker = trackFrames();
    const frames = await collect({ frames: 3 });
    expect(frames.map(({ timestamp, duration }) => [timestamp, duration])).toEqual([
      [0, 33_333],
      [33_333, 33_334],
      [66_667, 33_333],
    ]);
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });

  it('draws the 75 % bars of ITU-R BT.471 in the levels that they have in BT.601', async () => {
    const frame = await one({ width: 280, height: 120 });
    const { data, width, height } = frame;
    const at = (x: number, y: number) => {
      const chroma = width * height + (y >> 1) * (width / 2) + (x >> 1);
      return [data[y * width + x], data[chroma], data[chroma + (width * height) / 4]];
    };
    // The 8-bit values that broadcast tables give, from white to blue.
    const expected = [
      [180, 128, 128],
      [162, 44, 142],
      [131, 156, 44],
      [112, 72, 58],
      [84, 184, 198],
      [65, 100, 212],
      [35, 212, 114],
    ];
    for (const [index, values] of expected.entries())
      for (const [plane, value] of values.entries())
        expect(Math.abs(at(20 + 40 * index, 25)[plane]! - value)).toBeLessThanOrEqual(1);
    frame.close();
  });

  it.each(colorFormats)('draws the same picture straight into %s', async (format: ColorFormat) => {
    const [direct, rgb] = [
      await one({ width: 322, height: 182, format }),
      await one({ width: 322, height: 182, format: 'RGB' }),
    ];
    const back = videoFramePool.like(direct, { format: 'RGB' });
    convertColor(direct, back);
    let worst = 0;
    for (let i = 0; i < rgb.data.length; i++) worst = Math.max(worst, Math.abs(rgb.data[i]! - back.data[i]!));
    expect(worst).toBeLessThanOrEqual(format === 'I420' ? 3 : 0);
    for (const frame of [direct, rgb, back]) frame.close();
  });

  it('is opaque', async () => {
    for (const [format, alpha] of [
      ['RGBA', 3],
      ['BGRA', 3],
      ['ARGB', 0],
      ['ABGR', 0],
    ] as const) {
      const frame = await one({ width: 64, height: 48, format });
      expect(new Set(frame.data.filter((_, index) => index % 4 === alpha))).toEqual(new Set([255]));
      frame.close();
    }
  });

  it('flashes on the first frame at or after each full second, for 100 ms', async () => {
    const flashing = async (options: FromTestPatternOptions) => {
      const frames = await collect({ width: 80, height: 48, ...options });
      const lit = frames
        .filter((frame) => readTestPattern(frame)!.flash)
        .map((frame) => Math.round(frame.timestamp / 1e3));
      for (const frame of frames) frame.close();
      return lit;
    };
    expect(await flashing({ duration: 2.2 })).toEqual([0, 33, 67, 1_000, 1_033, 1_067, 2_000, 2_033, 2_067]);
    expect(await flashing({ duration: 2, frameRate: 29.97 })).toEqual([0, 33, 67, 1_001, 1_034, 1_068]);
    expect(await flashing({ duration: 2, frameRate: 7.5 })).toEqual([0, 1_067]);
    expect(await flashing({ duration: 3, frameRate: 1 })).toEqual([0, 1_000, 2_000]);
  });

  it('moves a box by its law', async () => {
    const frames = await collect({ width: 240, height: 120, format: 'RGB', frames: 61 });
    const left = frames.map((frame) => {
      const row = frame.data.subarray(65 * 240 * 3, 66 * 240 * 3);
      const first = row.indexOf(255) / 3;
      expect(row.filter((value) => value === 255)).toHaveLength(10 * 3);
      return first;
    });
    expect(left).toEqual(frames.map((frame) => Math.round(((frame.timestamp % 2e6) / 2e6) * 230)));
    for (const frame of frames) frame.close();
  });

  it('takes memory from the pool and gives it back', async () => {
    const before = videoFramePool.stats.misses;
    await new Promise<void>((resolve) =>
      fromTestPattern({ width: 146, height: 98, frames: 50 }).subscribe({
        next: (frame) => frame.close(),
        complete: resolve,
      }),
    );
    expect(videoFramePool.stats.misses - before).toBe(1);
  });

  it('counts a duration to the next whole frame, exactly at fractions', async () => {
    const count = async (options: FromTestPatternOptions) => {
      const frames = await collect({ width: 16, height: 16, ...options });
      for (const frame of frames) frame.close();
      return frames.length;
    };
    expect(await count({ duration: 2 })).toBe(60);
    expect(await count({ duration: 1.001, frameRate: 29.97 })).toBe(30);
    expect(await count({ duration: 0.1, frameRate: { numerator: 25, denominator: 1 } })).toBe(3);
    expect(await count({ frames: 0 })).toBe(0);
  });

  it('draws any size, the smallest too', async () => {
    for (const [width, height] of [
      [1, 1],
      [2, 7],
      [19, 11],
      [33, 500],
    ] as const) {
      for (const format of colorFormats) (await one({ width, height, format })).close();
    }
  });

  it('keeps the clock with live, and stops when nobody is there', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const arrivals: number[] = [];
    const source = fromTestPattern({ width: 16, height: 16, live: true, frameRate: 29.97 });
    withContext(context, () =>
      source.pipe(take(31)).subscribe((frame) => {
        arrivals.push(context.clock.now() - frame.timestamp / 1_000);
        frame.close();
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(31);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
    tracker.assertNone();
  });

  it.each([
    ['width', { width: 0 }],
    ['width', { width: 12.5 }],
    ['width x height', { width: 16_384, height: 16_384 }],
    ['format', { format: 'NV12' as never }],
    ['frameRate', { frameRate: 0 }],
    ['colorSpace', { colorSpace: 'bt2020' as never }],
    ['duration', { duration: -1 }],
    ['frames', { frames: 1.5 }],
    ['frames', { frames: -1 }],
    ['frames', { frames: 1, duration: 1 }],
    ['live', { live: 1 as never }],
    ['fromTestPattern', 30 as never],
  ])('refuses a bad %s at once', (name, options) => {
    expect(() => fromTestPattern(options)).toThrow(new RegExp(`^${name} `));
  });
});
