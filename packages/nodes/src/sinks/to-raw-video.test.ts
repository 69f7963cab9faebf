import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { colorFormats, micros, type VideoFrame, type VideoFrameInit, videoFramePool } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import { from, of, throwError } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromRawVideo } from '../sources/from-raw-video.ts';
import { fromTestPattern } from '../sources/from-test-pattern.ts';
import { toFrames } from './to-frames.ts';
import { toRawVideo } from './to-raw-video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-to-raw-'));
});
afterAll(() => rm(folder, { recursive: true }));

function frameAt(index: number, init: Partial<VideoFrameInit> = {}): VideoFrame {
  const format = { width: 2, height: 2, format: 'I420', ...init } as const;
  const frame = videoFramePool.frame({ ...format, timestamp: micros(index * 40_000) });
  frame.data.fill(index);
  return frame;
}

describe('toRawVideo', () => {
  it.each(colorFormats)('writes %s that comes back from fromRawVideo', async (format) => {
    using tracker = trackFrames();
    const options = { width: 33, height: 17, format };
    const path = join(folder, format);
    const sink = toRawVideo(path);
    fromTestPattern({ ...options, frames: 7 }).subscribe(sink);
    const result = await sink.finished;
    const written = await readFile(path);
    expect(result).toEqual({ frames: 7, bytes: written.length, ...options });
    const back = toFrames<VideoFrame>();
    fromRawVideo(path, options).subscribe(back);
    const frames = await back.finished;
    expect(Buffer.concat(frames.map((frame) => frame.data))).toEqual(written);
    expect(frames).toHaveLength(7);
    for (const frame of frames) frame.close();
    tracker.assertNone();
  });

  it('writes every byte to a stream, and ends it', async () => {
    const stream = new PassThrough({ highWaterMark: 4 });
    const sink = toRawVideo(stream);
    const read = buffer(stream);
    from([frameAt(1), frameAt(2)]).subscribe(sink);
    expect(await sink.finished).toMatchObject({ frames: 2, bytes: 12 });
    expect([...(await read)]).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
  });

  it('leaves a stream open if it is told to', async () => {
    const stream = new PassThrough();
    const sink = toRawVideo(stream, { end: false });
    from([frameAt(1)]).subscribe(sink);
    await sink.finished;
    expect(stream.writableEnded).toBe(false);
    const again = toRawVideo(stream);
    from([frameAt(2)]).subscribe(again);
    await again.finished;
    expect([...(await buffer(stream))]).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
  });

  it('converts to one format, and refuses another size naming both', async () => {
    using tracker = trackFrames();
    const stream = new PassThrough();
    const sink = toRawVideo(stream, { format: 'RGB' });
    const read = buffer(stream);
    from([frameAt(200, { format: 'RGBA' }), frameAt(100, { format: 'RGB' })]).subscribe(sink);
    expect(await sink.finished).toMatchObject({ format: 'RGB', bytes: 24 });
    expect([...(await read)]).toEqual([...Array(12).fill(200), ...Array(12).fill(100)]);
    const failing = toRawVideo(new PassThrough());
    from([frameAt(0), frameAt(1, { width: 4 })]).subscribe(failing);
    await expect(failing.finished).rejects.toMatchObject({
      code: 'SLUICE_VIDEO_SIZE_CHANGED',
      message: expect.stringMatching(/2x2 I420.*4x2 I420/),
    });
    tracker.assertNone();
  });

  it('is empty without frames, and fails with its source', async () => {
    const path = join(folder, 'empty');
    const sink = toRawVideo(path);
    of<VideoFrame>().subscribe(sink);
    expect(await sink.finished).toEqual({
      frames: 0,
      bytes: 0,
      width: undefined,
      height: undefined,
      format: undefined,
    });
    expect(await readFile(path)).toHaveLength(0);
    const stream = new PassThrough();
    const failing = toRawVideo(stream);
    throwError(() => new Error('gone')).subscribe(failing);
    await expect(failing.finished).rejects.toThrow('gone');
  });

  it('refuses a frame that was closed, and takes no memory to convert it', async () => {
    const { openBuffers } = videoFramePool.stats;
    const frame = frameAt(1, { format: 'RGBA' });
    frame.close();
    const sink = toRawVideo(new PassThrough(), { format: 'I420' });
    from([frame]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_FRAME_CLOSED' });
    expect(videoFramePool.stats.openBuffers).toBe(openBuffers);
  });

  it('ends with a typed error when the reader goes or was never there', async () => {
    using tracker = trackFrames();
    const gone = new PassThrough();
    gone.destroy();
    const late = new Writable({ write: () => late.destroy() });
    for (const stream of [gone, late]) {
      const sink = toRawVideo(stream);
      from([frameAt(1), frameAt(2)]).subscribe(sink);
      await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_CLOSED' });
    }
    tracker.assertNone();
  });

  it.each([
    ['path', () => toRawVideo('')],
    ['path', () => toRawVideo(null as never)],
    ['target', () => toRawVideo(new PassThrough({ objectMode: true }))],
    ['format', () => toRawVideo('a', { format: 'NV12' as never })],
    ['colorSpace', () => toRawVideo('a', { colorSpace: 'bt2020' as never })],
    ['end', () => toRawVideo(new PassThrough(), { end: 'no' as never })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
