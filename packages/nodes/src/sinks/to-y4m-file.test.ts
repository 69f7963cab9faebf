import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { graph, micros, NODE, type VideoFrame, type VideoFrameInit, videoFramePool } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { concat, from, of, throwError } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromTestPattern } from '../sources/from-test-pattern.ts';
import { fromY4mFile } from '../sources/from-y4m-file.ts';
import { readTestPattern } from '../video/pattern/read-test-pattern.ts';
import { toFrames } from './to-frames.ts';
import { type ToY4mFileOptions, toY4mFile } from './to-y4m-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-to-y4m-'));
});
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
const newPath = () => join(folder, `${files++}.y4m`);

/** A picture of 4 by 2 pixels whose bytes all are `value`. */
function frameAt(timestamp: number, value: number, init: Partial<VideoFrameInit> = {}): VideoFrame {
  const format = { width: 4, height: 2, format: 'I420', ...init } as const;
  const frame = videoFramePool.frame({ ...format, timestamp: micros(timestamp) });
  frame.data.fill(value);
  return frame;
}

/** Header line and the value of each frame, read without the reader of the package. */
function inspect(bytes: Buffer, frameBytes = 12) {
  const end = bytes.indexOf(10);
  const values: number[] = [];
  for (let at = end + 1; at < bytes.length; at += 6 + frameBytes) {
    expect(bytes.toString('latin1', at, at + 6)).toBe('FRAME\n');
    values.push(bytes[at + 6]!);
  }
  return { header: bytes.toString('latin1', 0, end), values };
}

async function write(frames: readonly VideoFrame[], options: ToY4mFileOptions = {}) {
  const path = newPath();
  const sink = toY4mFile(path, options);
  from(frames).subscribe(sink);
  const result = await sink.finished;
  return { result, ...inspect(await readFile(path)) };
}

describe('toY4mFile', () => {
  it('writes a header from the first frame, and the frames', async () => {
    using tracker = trackFrames();
    const path = newPath();
    const sink = toY4mFile(path);
    fromTestPattern({ width: 4, height: 2, frameRate: 29.97, frames: 40 }).subscribe(sink);
    expect(await sink.finished).toEqual({
      path,
      frames: 40,
      received: 40,
      repeated: 0,
      dropped: 0,
      jumps: 0,
      bytes: 60 + 40 * 18,
      frameRate: { numerator: 30_000, denominator: 1_001 },
      width: 4,
      height: 2,
    });
    const { header, values } = inspect(await readFile(path));
    expect(header).toBe('YUV4MPEG2 W4 H2 F30000:1001 Ip C420jpeg XCOLORRANGE=LIMITED');
    expect(values).toHaveLength(40);
    tracker.assertNone();
  });

  it('comes back from fromY4mFile, byte for byte and on time', async () => {
    using tracker = trackFrames();
    for (const [width, height, frameRate] of [
      [160, 90, 29.97],
      [97, 53, 25],
      [1, 1, 60],
    ] as const) {
      const path = newPath();
      const sink = toY4mFile(path);
      fromTestPattern({ width, height, frameRate, frames: 12, colorSpace: 'bt709-full' }).subscribe(sink);
      await sink.finished;
      const [written, read] = [toFrames<VideoFrame>(), toFrames<VideoFrame>()];
      fromTestPattern({ width, height, frameRate, frames: 12, colorSpace: 'bt709-full' }).subscribe(written);
      fromY4mFile(path).subscribe(read);
      const [expected, actual] = [await written.finished, await read.finished];
      const shape = ({ width, height, colorSpace, timestamp, duration, data }: VideoFrame) =>
        [width, height, colorSpace, timestamp, duration, Buffer.from(data).toString('hex')].join(' ');
      expect(actual.map(shape)).toEqual(expected.map(shape));
      for (const frame of [...expected, ...actual]) frame.close();
    }
    tracker.assertNone();
  });

  it('repeats and drops by timestamp, and counts both', async () => {
    const times = [0, 33_333, 133_333, 140_000, 166_667, 200_000];
    const { result, values } = await write(
      times.map((time, index) => frameAt(time, index + 1)),
      { frameRate: 30 },
    );
    expect(values).toEqual([1, 2, 2, 2, 3, 5, 6]);
    expect(result).toMatchObject({ frames: 7, received: 6, repeated: 2, dropped: 1, jumps: 0 });
  });

  it('keeps the timeline of any stream within half a frame', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 300_000 }), { minLength: 1, maxLength: 20 }),
        async (steps) => {
          let time = 0;
          const times = [0, ...steps.map((step) => (time += step))];
          const { values } = await write(
            times.map((at, index) => frameAt(at, index)),
            { frameRate: 25 },
          );
          for (const [slot, index] of values.entries())
            if (index !== values[slot - 1]) expect(Math.abs(slot * 40_000 - times[index]!)).toBeLessThanOrEqual(20_000);
          expect(values).toEqual([...values].sort((a, b) => a - b));
          expect(Math.abs((values.length - 1) * 40_000 - time)).toBeLessThanOrEqual(20_000);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('writes each frame once as it is', async () => {
    const { values, result } = await write([frameAt(0, 1), frameAt(500_000, 2), frameAt(400_000, 3)], {
      cadence: 'as-is',
      frameRate: 30,
    });
    expect(values).toEqual([1, 2, 3]);
    expect(result).toMatchObject({ frames: 3, repeated: 0, dropped: 0 });
  });

  it('shows the last frame as long as it lasts', async () => {
    const last = videoFramePool.frame({
      width: 4,
      height: 2,
      format: 'I420',
      timestamp: micros(40_000),
      duration: micros(200_000),
    });
    last.data.fill(2);
    expect((await write([frameAt(0, 1), last], { frameRate: 25 })).values).toEqual([1, 2, 2, 2, 2, 2]);
  });

  it.each([
    ['the option', {}, { frameRate: 23.976 }, 'F24000:1001'],
    ['the first duration', { duration: micros(16_683) }, {}, 'F60000:1001'],
    ['the first two timestamps', {}, {}, 'F25:1'],
  ])('takes the rate from %s', async (_, init, options, expected) => {
    const first = videoFramePool.frame({ width: 4, height: 2, format: 'I420', timestamp: micros(0), ...init });
    expect((await write([first, frameAt(40_100, 2)], options)).header).toContain(` ${expected} `);
  });

  it('takes 30 for a single frame of unknown duration', async () => {
    const { header, values } = await write([frameAt(7, 9)]);
    expect(header).toContain(' F30:1 ');
    expect(values).toEqual([9]);
  });

  it('closes up steps back and far ahead', async () => {
    const times = [0, 33_333, 4e9, 4e9 + 33_333, 0, 33_333];
    const { values, result } = await write(
      times.map((time, index) => frameAt(time, index)),
      { frameRate: 30 },
    );
    expect(values).toEqual([0, 1, 2, 3, 4, 5]);
    expect(result.jumps).toBe(2);
  });

  it('converts colours, and refuses another size naming both', async () => {
    using tracker = trackFrames();
    const white = frameAt(33_333, 255, { format: 'RGBA' });
    const full = frameAt(66_667, 255, { colorSpace: 'bt601-full' });
    full.data.fill(128, 8);
    const { values } = await write([frameAt(0, 16), white, full]);
    expect(values).toEqual([16, 235, 235]);
    const path = newPath();
    const sink = toY4mFile(path);
    from([frameAt(0, 1), frameAt(40_000, 2), frameAt(80_000, 3, { width: 2 })]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({
      code: 'SLUICE_VIDEO_SIZE_CHANGED',
      message: expect.stringMatching(/4x2 I420.*2x2 I420/),
    });
    expect(inspect(await readFile(path)).values).toEqual([1]);
    tracker.assertNone();
  });

  it('is empty without frames', async () => {
    const path = newPath();
    const sink = toY4mFile(path);
    of<VideoFrame>().subscribe(sink);
    expect(await sink.finished).toMatchObject({ frames: 0, bytes: 0, frameRate: undefined, width: undefined });
    expect(await readFile(path)).toHaveLength(0);
  });

  it('leaves whole frames after a source error, an abort, and while it is written', async () => {
    using tracker = trackFrames();
    const path = newPath();
    const sink = toY4mFile(path);
    concat(
      from([frameAt(0, 1), frameAt(40_000, 2), frameAt(80_000, 3)]),
      throwError(() => new Error('gone')),
    ).subscribe(sink);
    await expect(sink.finished).rejects.toThrow('gone');

    const growing = newPath();
    const context = new ActorDouble();
    const open = toY4mFile(growing);
    open[NODE].attach(context);
    await open[NODE].prepare?.();
    for (let index = 0; index < 5; index++) open.next(frameAt(40_000 * index, index));
    await expect.poll(async () => inspect(await readFile(growing)).values).toEqual([0, 1, 2, 3]);
    open[NODE].abort(new Error('enough'));
    await expect(open.finished).rejects.toThrow('enough');
    expect(inspect(await readFile(growing)).values).toEqual([0, 1, 2, 3]);
    tracker.assertNone();
  });

  it('ends with a typed error where nothing can be written', async () => {
    using tracker = trackFrames();
    const sink = toY4mFile(join(folder, 'none', 'a.y4m'));
    from([frameAt(0, 1)]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
    const full = toY4mFile('/dev/full');
    from([frameAt(0, 1), frameAt(40_000, 2)]).subscribe(full);
    await expect(full.finished).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE', cause: { code: 'ENOSPC' } });
    tracker.assertNone();
  });

  it('writes to a stream, which holds it back', async () => {
    const stream = new PassThrough();
    const sink = toY4mFile(stream);
    const back = toFrames<VideoFrame>();
    fromTestPattern({ width: 160, height: 90, frames: 20 }).subscribe(sink);
    fromY4mFile(stream).subscribe(back);
    expect(await sink.finished).toMatchObject({ path: undefined, frames: 20 });
    const numbers = (await back.finished).map((frame) => {
      const reading = readTestPattern(frame);
      frame.close();
      return reading?.frameNumber;
    });
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('holds a graph back as long as the stream is slow', async () => {
    using tracker = trackFrames();
    let written = 0;
    const slow = new Writable({
      highWaterMark: 1,
      write: (_chunk, _encoding, done) => {
        written++;
        setImmediate(done);
      },
    });
    const copy = graph('copy');
    const sink = toY4mFile(slow);
    copy.from(fromTestPattern({ width: 320, height: 180, frames: 100 })).to(sink);
    await copy.run();
    expect(await sink.finished).toMatchObject({ frames: 100 });
    expect(written).toBe(201);
    expect(tracker.highest).toBeLessThan(30);
    tracker.assertNone();
  });

  it('ends with a typed error when the stream fails or closes', async () => {
    using tracker = trackFrames();
    for (const [error, expected] of [
      [new Error('broken'), 'SLUICE_STREAM_WRITE'],
      [Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }), 'SLUICE_STREAM_CLOSED'],
      [undefined, 'SLUICE_STREAM_CLOSED'],
    ] as const) {
      const stream = new Writable({ write: () => stream.destroy(error) });
      const sink = toY4mFile(stream);
      from([frameAt(0, 1), frameAt(40_000, 2)]).subscribe(sink);
      await expect(sink.finished).rejects.toMatchObject({ code: expected });
    }
    tracker.assertNone();
  });

  it.each([
    ['path', () => toY4mFile('')],
    ['target', () => toY4mFile(new Writable({ objectMode: true }))],
    ['frameRate', () => toY4mFile('a', { frameRate: -1 })],
    ['cadence', () => toY4mFile('a', { cadence: 'fast' as never })],
    ['colorSpace', () => toY4mFile('a', { colorSpace: 'srgb' as never })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
