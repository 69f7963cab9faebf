import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { AudioFrame, micros, NODE } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import { from, of, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toPcm } from './to-pcm.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const frameAt = (index: number, sampleRate = 8_000) =>
  new AudioFrame({
    samples: Int16Array.from({ length: sampleRate / 50 }, (_, i) => index * 160 + i),
    sampleRate,
    channels: 1,
    timestamp: micros(index * 20_000),
  });
const some = (count: number) => Array.from({ length: count }, (_, i) => frameAt(i));

/** The bytes of the first so many of those frames. */
const counted = (count: number) => Buffer.from(Int16Array.from({ length: count * 160 }, (_, i) => i).buffer);

/** A stream that takes a chunk only when told to, or at once. */
function collecting(options: { slow?: boolean } = {}) {
  const chunks: Buffer[] = [];
  let next = () => {};
  const stream = new Writable({
    highWaterMark: 640,
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      if (options.slow) next = done;
      else done();
    },
  });
  const samples = () => {
    const bytes = Buffer.concat(chunks);
    return [...new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
  };
  return { stream, chunks, samples, next: () => next() };
}

describe('toPcm', () => {
  it('writes every sample, ends the stream and closes every frame', async () => {
    using tracker = trackFrames();
    const { stream, samples } = collecting();
    const sink = toPcm(stream);
    from(some(3)).subscribe(sink);
    expect(await sink.finished).toEqual({ frames: 3, bytes: 960 });
    expect(samples()).toEqual(Array.from({ length: 480 }, (_, i) => i));
    expect(stream.writableFinished).toBe(true);
    tracker.assertNone();
  });

  it('ends an empty stream', async () => {
    const { stream } = collecting();
    const sink = toPcm(stream);
    of<AudioFrame>().subscribe(sink);
    expect(await sink.finished).toEqual({ frames: 0, bytes: 0 });
    expect(stream.writableFinished).toBe(true);
  });

  it('leaves the stream open if asked to, with everything written', async () => {
    const { stream, samples } = collecting();
    const sink = toPcm(stream, { end: false });
    from(some(2)).subscribe(sink);
    await sink.finished;
    expect(samples()).toHaveLength(320);
    expect(stream.writableEnded).toBe(false);
    expect(stream.listenerCount('drain') + stream.listenerCount('close')).toBe(0);
  });

  it('never ends standard output', async () => {
    const sink = toPcm(process.stdout);
    of<AudioFrame>().subscribe(sink);
    await sink.finished;
    expect(process.stdout.writableEnded).toBe(false);
  });

  it('does not keep the memory of a frame', async () => {
    const { stream, samples, next } = collecting({ slow: true });
    const sink = toPcm(stream);
    const pooled = new AudioFrame({
      samples: new Int16Array(160).fill(7),
      sampleRate: 8_000,
      channels: 1,
      timestamp: micros(0),
      release: (memory) => memory.fill(99),
    });
    of(pooled).subscribe(sink);
    expect(pooled.closed).toBe(true);
    next();
    await sink.finished;
    expect(samples()).toEqual(Array(160).fill(7));
  });

  it('uses memory again that the stream has called back for, and no other', async () => {
    const waiting: { chunk: Buffer; done: () => void }[] = [];
    const write = (chunk: Buffer, _: unknown, done: () => void) => void waiting.push({ chunk, done });
    const stream = new Writable({ highWaterMark: 2 ** 20, write });
    const sink = toPcm(stream, { reuseMemory: true });
    const memories = new Set<ArrayBufferLike>();
    const seen: Buffer[] = [];
    for (let index = 0; index < 1_200; index++) {
      sink.next(frameAt(index));
      // The stream falls up to 300 chunks behind, 96 KB, and catches up.
      const most = index % 600 < 300 && index < 1_199 ? 300 : 0;
      for (; stream.writableLength > most * 320; await turn()) {
        const { chunk, done } = waiting.shift()!;
        memories.add(chunk.buffer);
        seen.push(Buffer.from(chunk));
        done();
      }
    }
    sink.complete();
    await sink.finished;
    expect(Buffer.concat(seen).equals(counted(1_200))).toBe(true);
    expect(memories.size).toBeLessThanOrEqual(3);
  });

  it('writes a file to the byte with memory that is used again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-to-pcm-'));
    try {
      const sink = toPcm(createWriteStream(join(folder, 'count.pcm')), { reuseMemory: true });
      // Fewer than may wait, and longer: 30 pieces of memory, of which some are used again.
      const expected = Array.from({ length: 1_000 }, (_, index) => frameAt(index, 48_000).samples);
      for (let index = 0; index < 1_000; index++) {
        sink.next(frameAt(index, 48_000));
        if (index % 50 === 0) await turn();
      }
      sink.complete();
      await sink.finished;
      const bytes = Buffer.concat(expected.map(({ buffer }) => Buffer.from(buffer as ArrayBuffer)));
      expect((await readFile(join(folder, 'count.pcm'))).equals(bytes)).toBe(true);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('leaves alone what a stream may keep, if not told otherwise', async () => {
    const { stream, chunks } = collecting();
    const sink = toPcm(stream);
    for (let index = 0; index < 800; index++) {
      sink.next(frameAt(index));
      if (index % 50 === 0) await turn();
    }
    sink.complete();
    await sink.finished;
    expect(Buffer.concat(chunks).equals(counted(800))).toBe(true);
  });

  it('holds the graph back while the stream is full', async () => {
    const context = new ActorDouble();
    const { stream, chunks, next } = collecting({ slow: true });
    const sink = toPcm(stream);
    sink[NODE].attach(context);
    for (const frame of some(4)) sink.next(frame);
    // Two chunks fill the stream: the second write waits for the drain, two frames behind it.
    expect(context.held).toBe(3);
    for (let i = 0; i < 3; i++) {
      next();
      await turn();
    }
    expect(context.held).toBe(1);
    expect(chunks).toHaveLength(4);
    sink.complete();
    next();
    await turn();
    await sink.finished;
    expect(context.held).toBe(0);
  });

  it('keeps the first format, or the one it was given', async () => {
    const { stream, samples } = collecting();
    const sink = toPcm(stream, { sampleRate: 16_000, channels: 2 });
    expect(sink[NODE].accepts).toEqual({ kind: 'audio', sampleRate: 16_000, channels: 2 });
    from([frameAt(0), frameAt(1, 16_000), frameAt(2, 48_000)]).subscribe(sink);
    await sink.finished;
    expect(samples()).toHaveLength(3 * 320 * 2);
  });

  it('does not keep the tail of a sentence for the next one', async () => {
    const context = new ActorDouble();
    const { stream, samples } = collecting();
    const sink = toPcm(stream, { sampleRate: 48_000 });
    sink[NODE].attach(context);
    for (let index = 0; index < 10; index++) {
      sink.next(frameAt(index, 16_000));
      await context.clock.advance(20);
    }
    await context.clock.advance(40);
    expect(samples()).toHaveLength(10 * 960);
    sink.complete();
    await sink.finished;
    expect(samples()).toHaveLength(10 * 960);
    expect(context.clock.timers).toBe(0);
  });

  it.each([
    ['EPIPE', 'SLUICE_STREAM_CLOSED'],
    ['EIO', 'SLUICE_STREAM_WRITE'],
  ])('turns %s into %s, and closes what waits', async (errno, code) => {
    using tracker = trackFrames();
    const cause = Object.assign(new Error(`write ${errno}`), { code: errno });
    const stream = new Writable({ highWaterMark: 100, write: (_, __, done) => setImmediate(() => done(cause)) });
    const sink = toPcm(stream);
    from(some(5)).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({ code, cause });
    tracker.assertNone();
  });

  it('fails when the stream is closed meanwhile, and when it was before', async () => {
    const stream = new PassThrough({ highWaterMark: 100 });
    const sink = toPcm(stream);
    from(some(3)).subscribe(sink);
    stream.destroy();
    await expect(sink.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_CLOSED' });
    const late = toPcm(stream);
    of(frameAt(0)).subscribe(late);
    await expect(late.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_CLOSED' });
  });

  it('destroys what it would have ended when the source fails', async () => {
    for (const end of [true, false]) {
      const { stream } = collecting();
      const sink = toPcm(stream, { end });
      sink.next(frameAt(0));
      throwError(() => new Error('cut')).subscribe(sink as never);
      await expect(sink.finished).rejects.toThrow('cut');
      expect(stream.destroyed).toBe(end);
    }
  });

  it('refuses what is no stream of bytes at once', () => {
    expect(() => toPcm(null as never)).toThrow(TypeError);
    expect(() => toPcm(new Writable({ objectMode: true }))).toThrow(TypeError);
    expect(() => toPcm(new PassThrough(), { sampleRate: 1 })).toThrow(RangeError);
    expect(() => toPcm(new PassThrough(), { reuseMemory: 1 as never })).toThrow(/true or false/);
  });
});
