import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { colorFormats, graph, NODE, type VideoFrame, videoByteLength, withContext } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../formats/byte-io/byte-source.ts';
import { exactFrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { toNull } from '../sinks/to-null.ts';
import { type FromRawVideoOptions, fromRawVideo } from './from-raw-video.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-raw-video-'));
});
afterAll(() => rm(folder, { recursive: true }));

const size = { width: 4, height: 2 };
/** Bytes that count up. */
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, index) => index % 251));
const chunked = (content: Buffer, step: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(content.length / step) }, (_, i) => content.subarray(i * step, (i + 1) * step)),
    { objectMode: false },
  );

async function collect(source: ByteSource, options: FromRawVideoOptions): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromRawVideo(source, options).subscribe(sink);
  return sink.finished;
}

function contents(frames: readonly VideoFrame[]): Buffer {
  const all = Buffer.concat(frames.map((frame) => Uint8Array.from(frame.data)));
  for (const frame of frames) frame.close();
  return all;
}

describe('fromRawVideo', () => {
  it.each(colorFormats)('reads %s from a file and a stream, on time', async (format) => {
    using tracker = trackFrames();
    const content = bytes(videoByteLength({ ...size, format }) * 9);
    const path = join(folder, format);
    await writeFile(path, content);
    for (const source of [path, new URL(`file://${path}`), chunked(content, 7)]) {
      const frames = await collect(source, { ...size, format, frameRate: 29.97 });
      expect(frames.map((frame) => frame.timestamp)).toEqual(
        Array.from({ length: 9 }, (_, index) => frameTime(index, exactFrameRate(29.97))),
      );
      for (const frame of frames) expect(frame).toMatchObject({ ...size, format });
      expect(contents(frames)).toEqual(content);
    }
    tracker.assertNone();
  });

  it('gives the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 50 }), async (length, step) => {
        const content = bytes(length);
        const frames = await collect(chunked(content, step), size);
        expect(contents(frames)).toEqual(content.subarray(0, length - (length % 12)));
      }),
    );
  });

  it('drops and reports a part of a frame, or ends with an error', async () => {
    using tracker = trackFrames();
    const context = new ActorDouble();
    const sink = toFrames<VideoFrame>();
    withContext(context, () => fromRawVideo(chunked(bytes(29), 10), size).subscribe(sink));
    expect(contents(await sink.finished)).toEqual(bytes(24));
    expect(context.reports).toMatchObject([
      { code: 'SLUICE_RAW_VIDEO_PARTIAL', message: expect.stringMatching(/12 bytes.*"5 bytes"/) },
    ]);
    const failing = toNull<VideoFrame>();
    fromRawVideo(chunked(bytes(29), 10), { ...size, truncated: 'error' }).subscribe(failing);
    await expect(failing.finished).rejects.toMatchObject({ code: 'SLUICE_RAW_VIDEO_PARTIAL' });
    tracker.assertNone();
  });

  it('loops a file, also with a part of a frame at its end', async () => {
    const path = join(folder, 'loop');
    await writeFile(path, bytes(29));
    const context = new ActorDouble();
    const sink = toFrames<VideoFrame>();
    withContext(context, () => fromRawVideo(path, { ...size, loop: 2 }).subscribe(sink));
    expect(contents(await sink.finished)).toEqual(Buffer.concat([bytes(24), bytes(24)]));
    expect(context.reports).toHaveLength(1);
  });

  it('reads no further than there is room', async () => {
    using tracker = trackFrames();
    let given = 0;
    const endless = new Readable({
      read() {
        given += 12;
        this.push(Buffer.alloc(12));
      },
      highWaterMark: 24,
    });
    const flow = graph('slow');
    flow.from(fromRawVideo(endless, size)).pipe(take(20)).to(toNull<VideoFrame>());
    await flow.run();
    expect(given).toBeLessThan(12 * 60);
    expect(endless.destroyed).toBe(true);
    tracker.assertNone();
  });

  it('says its format, and paces on the clock with live', async () => {
    const context = new ActorDouble();
    const source = fromRawVideo(chunked(bytes(12 * 11), 1_000), {
      ...size,
      frameRate: 25,
      live: true,
      colorSpace: 'bt709',
    });
    expect(source[NODE]).toMatchObject({ live: true, format: { kind: 'video', ...size, format: 'I420' } });
    const arrivals: number[] = [];
    withContext(context, () =>
      source.subscribe((frame) => {
        expect(frame.colorSpace).toBe('bt709');
        arrivals.push(context.clock.now() - frame.timestamp / 1_000);
        frame.close();
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(11);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
  });

  it('ends with a typed error when the input fails', async () => {
    await expect(collect(join(folder, 'none'), size)).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    const stream = new Readable({ read: () => {} });
    const frames = collect(stream, size);
    stream.destroy();
    await expect(frames).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
  });

  it.each([
    ['path', () => fromRawVideo('', size)],
    ['source', () => fromRawVideo(Readable.from(['a'], { objectMode: true }), size)],
    ['width', () => fromRawVideo('a', { width: 0, height: 2 })],
    ['height', () => fromRawVideo('a', { width: 2, height: Number.NaN })],
    ['width x height', () => fromRawVideo('a', { width: 16_384, height: 16_384 })],
    ['format', () => fromRawVideo('a', { ...size, format: 'YUY2' as never })],
    ['frameRate', () => fromRawVideo('a', { ...size, frameRate: Number.NaN })],
    ['loop', () => fromRawVideo(new Readable(), { ...size, loop: 2 })],
    ['truncated', () => fromRawVideo('a', { ...size, truncated: true as never })],
    ['fromRawVideo', () => fromRawVideo('a', undefined as never)],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
