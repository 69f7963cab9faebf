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
  });
});
