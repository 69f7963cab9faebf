import { PassThrough, Readable } from 'node:stream';
import { type AudioFrame, withContext } from '@sluice/core';
import { ActorDouble, samplesOf } from '@sluice/core/testing';
import fc from 'fast-check';
import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { ByteInput } from '../formats/byte-io/byte-input.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { fromPcm } from './from-pcm.ts';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const ramp = (length: number) => Int16Array.from({ length }, (_, i) => i - 500);
const bytesOf = (samples: Int16Array) => Buffer.from(samples.buffer);
const format = { sampleRate: 8_000 };

async function collect(
  readable: ByteInput,
  options: Partial<Parameters<typeof fromPcm>[1]> = {},
  context = new ActorDouble(),
) {
  const sink = toFrames<AudioFrame>();
  withContext(context, () => fromPcm(readable, { ...format, ...options }).subscribe(sink));
  const frames = await sink.finished;
  return { frames, context };
}

describe('fromPcm', () => {
  it('gives every sample once, however the bytes are cut', async () => {
    const samples = ramp(1_000);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 30 }), async (sizes) => {
        const bytes = bytesOf(samples);
        const chunks: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; at += chunks.at(-1)!.length, i++)
          chunks.push(bytes.subarray(at, at + (sizes[i] ?? 333)));
        const { frames, context } = await collect(Readable.from(chunks, { objectMode: false }));
        expect(samplesOf(frames)).toEqual(samples);
        expect(frames.map((frame) => frame.length)).toEqual([...Array(6).fill(160), 40]);
        expect(frames.map((frame) => frame.timestamp)).toEqual([0, 1, 2, 3, 4, 5, 6].map((i) => i * 20_000));
        expect(context.reports).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('emits a frame as soon as its bytes are there', async () => {
    const stream = new PassThrough();
    const lengths: number[] = [];
    const subscription = fromPcm(stream, format).subscribe((frame) => lengths.push(frame.length));
    stream.write(Buffer.alloc(319));
    await turn();
    expect(lengths).toEqual([]);
    stream.write(Buffer.alloc(1));
    await turn();
    expect(lengths).toEqual([160]);
    subscription.unsubscribe();
  });

  it('is empty for an empty stream', async () => {
    expect((await collect(Readable.from([], { objectMode: false }))).frames).toEqual([]);
  });

  it('reports bytes that are no whole sample', async () => {
    const { frames, context } = await collect(Readable.from([Buffer.alloc(43)], { objectMode: false }), {
      channels: 2,
    });
    expect(frames.map((frame) => frame.length)).toEqual([10]);
    expect(context.reports).toMatchObject([{ code: 'SLUICE_PCM_PARTIAL' }]);
    const alone = await collect(Readable.from([Buffer.alloc(1)], { objectMode: false }));
    expect(alone.frames).toEqual([]);
    expect(alone.context.reports).toHaveLength(1);
  });

  it('leaves the bytes with the writer while there is no room', async () => {
    const context = new ActorDouble();
    let produced = 0;
    const stream = new Readable({
      highWaterMark: 1_000,
      read() {
        produced++;
        this.push(Buffer.alloc(320));
      },
    });
    let frames = 0;
    const subscription = withContext(context, () =>
      fromPcm(stream, format).subscribe(() => {
        if (++frames === 3) context.setRoom(false);
      }),
    );
    for (let i = 0; i < 50; i++) await turn();
    expect(frames).toBe(3);
    expect(produced).toBeLessThan(12);
    context.setRoom(true);
    await turn();
    expect(frames).toBeGreaterThan(3);
    subscription.unsubscribe();
  });

  it('takes frames larger than the stream buffers', async () => {
    const stream = new PassThrough({ highWaterMark: 64 });
    const writing = (async () => {
      for (let i = 0; i < 100; i++)
        if (!stream.write(Buffer.alloc(320))) await new Promise((r) => stream.once('drain', r));
      stream.end();
    })();
    const { frames } = await collect(stream, { frameMs: 500 });
    await writing;
    expect(frames.map((frame) => frame.length)).toEqual([4_000, 4_000, 4_000, 4_000]);
  });

  it('destroys the stream when it is left early, and when nothing was read', async () => {
    const stream = Readable.from([Buffer.alloc(4_000)], { objectMode: false });
    await new Promise<void>((resolve) => {
      fromPcm(stream, format).pipe(take(2)).subscribe({ complete: resolve });
    });
    expect(stream.destroyed).toBe(true);
    const idle = new PassThrough();
    const context = new ActorDouble();
    withContext(context, () => fromPcm(idle, format).subscribe()).unsubscribe();
    expect(idle.destroyed).toBe(true);
    await context.clock.settle();
    expect(context.clock.pending).toBe(0);
  });

  it('turns a failing stream into a typed error', async () => {
    const broken = new Error('cable pulled');
    const stream = new PassThrough();
    const collecting = collect(stream);
    stream.write(Buffer.alloc(320));
    stream.destroy(broken);
    await expect(collecting).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ', cause: broken });
    await expect(collect(stream)).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
    const closed = new PassThrough();
    closed.destroy();
    await expect(collect(closed)).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
  });

  it('can be read once', async () => {
    const source = fromPcm(Readable.from([Buffer.alloc(320)], { objectMode: false }), format);
    const first = toFrames<AudioFrame>();
    source.subscribe(first);
    const second = toFrames<AudioFrame>();
    source.subscribe(second);
    await expect(second.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
    expect(await first.finished).toHaveLength(1);
  });

  const [first, second] = [bytesOf(ramp(300)), bytesOf(ramp(140))];
  it.each<[string, () => ByteInput]>([
    ['a stream of Buffers in object mode', () => Readable.from([first, second])],
    ['one that starts with nothing', () => Readable.from([Buffer.alloc(0), first, Buffer.alloc(0), second])],
    ['a web stream, as fetch gives it', () => new Response(Buffer.concat([first, second])).body!],
    ['a set', () => new Set([first, second])],
    [
      'a generator',
      () =>
        (function* () {
          yield* [first, second];
        })(),
    ],
    [
      'an async generator',
      () =>
        (async function* () {
          yield* [first, second];
        })(),
    ],
    ['an array', () => [first, second]],
    ['a Buffer', () => Buffer.concat([first, second])],
    ['a part of a larger array', () => new Uint8Array(Buffer.concat([Buffer.alloc(3), first, second])).subarray(3)],
    ['an ArrayBuffer', () => new Uint8Array(Buffer.concat([first, second])).buffer],
  ])('takes %s', async (_, make) => {
    const { frames, context } = await collect(make());
    expect([...samplesOf(frames)]).toEqual([...ramp(300), ...ramp(140)]);
    expect(frames.map((frame) => frame.length)).toEqual([160, 160, 120]);
    expect(context.reports).toEqual([]);
  });

  it('reads arrays and Buffers again, and everything else once', async () => {
    for (const input of [[first, second], Buffer.concat([first, second])]) {
      const source = fromPcm(input, format);
      for (let time = 0; time < 2; time++) {
        const sink = toFrames<AudioFrame>();
        source.subscribe(sink);
        expect(samplesOf(await sink.finished)).toHaveLength(440);
      }
    }
    const source = fromPcm(new Set([first]), format);
    source.subscribe(toFrames<AudioFrame>());
    const again = toFrames<AudioFrame>();
    source.subscribe(again);
    await expect(again.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
  });

  it('ends an iterable that is left early', async () => {
    let ended = false;
    const pieces = (async function* () {
      try {
        for (;;) yield first;
      } finally {
        ended = true;
      }
    })();
    await new Promise<void>((resolve) => {
      fromPcm(pieces, format).pipe(take(3)).subscribe({ complete: resolve });
    });
    await expect.poll(() => ended).toBe(true);
  });

  it.each([
    ['number', [1]],
    ['string', ['text']],
    ['Int16Array', [new Int16Array(4)]],
    ['Object', [{}]],
  ])('fails at a piece that is no bytes but a %s', async (received, pieces) => {
    const problem = { code: 'SLUICE_STREAM_READ', message: expect.stringContaining(received) };
    await expect(collect(Readable.from(pieces))).rejects.toMatchObject(problem);
    await expect(collect(new Set(pieces) as never)).rejects.toMatchObject(problem);
  });

  it.each(['RIFF....WAVE', 'RF64....WAVE', 'BW64....WAVE', 'RIFX....WAVE', 'FORM....AIFF', 'FORM....AIFC'])(
    'refuses %s, which would be heard as a click',
    async (magic) => {
      const bytes = Buffer.concat([Buffer.from(magic), first]);
      const problem = {
        code: 'SLUICE_PCM_HEADER',
        message: expect.stringContaining(magic[3] === 'F' ? 'fromWav' : ''),
      };
      await expect(collect(bytes)).rejects.toMatchObject(problem);
      await expect(collect(Readable.from([bytes]), { frameMs: 500 })).rejects.toMatchObject(problem);
      await expect(collect([bytes], { frameMs: 1, sampleRate: 2_000 })).rejects.toMatchObject(problem);
      const later = await collect(Buffer.concat([first, bytes]));
      expect(samplesOf(later.frames)).toHaveLength(606);
    },
  );

  it('takes what only begins like a header', async () => {
    expect((await collect(Buffer.from('RIFF....AVI LIST'))).frames).toHaveLength(1);
    expect((await collect(Buffer.from('RI'))).frames).toHaveLength(1);
  });

  it('paces with live', async () => {
    const context = new ActorDouble();
    const arrivals: number[] = [];
    withContext(context, () =>
      fromPcm(Readable.from([Buffer.alloc(1_600)], { objectMode: false }), { ...format, live: true }).subscribe(() =>
        arrivals.push(context.clock.now()),
      ),
    );
    await context.clock.run();
    expect(arrivals).toEqual([0, 20, 40, 60, 80]);
  });

  it.each([
    ['readable', () => fromPcm(undefined as never, format)],
    ['readable', () => fromPcm('text' as never, format)],
    ['readable', () => fromPcm({ body: null } as never, format)],
    ['readable', () => fromPcm(new Int16Array(4) as never, format)],
    ['readable\\[1\\]', () => fromPcm([Buffer.alloc(2), 1 as never], format)],
    ['readable', () => fromPcm(new PassThrough().setEncoding('utf8'), format)],
    ['sampleRate', () => fromPcm(new PassThrough(), {} as never)],
    ['channels', () => fromPcm(new PassThrough(), { ...format, channels: 65 })],
    ['frameMs', () => fromPcm(new PassThrough(), { ...format, frameMs: 0.1 })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
