import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { isSluiceError, NODE, type VideoFrame, withContext } from '@sluice/core';
import { ActorDouble, trackFrames } from '@sluice/core/testing';
import fc from 'fast-check';
import { take } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../formats/byte-io/byte-source.ts';
import { exactFrameRate, frameTime } from '../options/exact-frame-rate.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { toNull } from '../sinks/to-null.ts';
import { type FromY4mFileOptions, fromY4mFile } from './from-y4m-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-from-y4m-'));
});
afterAll(() => rm(folder, { recursive: true }));

const text = (value: string) => Buffer.from(value, 'latin1');
/** Frames of `bytes` bytes; each byte is the number of its frame. */
const y4m = (tokens: string, bytes: number, frames: number, line = 'FRAME') =>
  Buffer.concat([
    text(`YUV4MPEG2 ${tokens}\n`),
    ...Array.from({ length: frames }, (_, index) => Buffer.concat([text(`${line}\n`), Buffer.alloc(bytes, index)])),
  ]);
let files = 0;
async function file(content: Uint8Array): Promise<string> {
  const path = join(folder, `${files++}.y4m`);
  await writeFile(path, content);
  return path;
}

async function collect(source: ByteSource, options?: FromY4mFileOptions): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromY4mFile(source, options).subscribe(sink);
  return sink.finished;
}

/** The bytes of each frame; the frames are closed. */
async function pictures(source: ByteSource, options?: FromY4mFileOptions): Promise<number[][]> {
  const frames = await collect(source, options);
  return frames.map((frame) => {
    const bytes = [...frame.data];
    frame.close();
    return bytes;
  });
}

const code = (expected: string) => expect.objectContaining({ code: expected });
const chunked = (bytes: Buffer, step: number) =>
  Readable.from(
    Array.from({ length: Math.ceil(bytes.length / step) }, (_, i) => bytes.subarray(i * step, (i + 1) * step)),
    { objectMode: false },
  );

describe('fromY4mFile', () => {
  it('reads frames with their times, and leaks none', async () => {
    using tracker = trackFrames();
    const path = await file(y4m('W4 H2 F30000:1001 Ip A1:1 C420jpeg', 12, 40));
    const frames = await collect(path);
    const rate = exactFrameRate(29.97);
    expect(frames).toHaveLength(40);
    for (const [index, frame] of frames.entries()) {
      expect([...frame.data]).toEqual(Array(12).fill(index));
      expect(frame).toMatchObject({ width: 4, height: 2, format: 'I420', colorSpace: 'bt601' });
      expect(frame.timestamp).toBe(frameTime(index, rate));
      expect(frame.timestamp + frame.duration).toBe(frameTime(index + 1, rate));
      frame.close();
    }
    tracker.assertNone();
  });

  it('takes frame parameters, however long within the bound', async () => {
    for (const parameters of ['FRAME Ip', 'FRAME I11p XSOME', `FRAME X${'a'.repeat(4_000)}`])
      expect(await pictures(await file(y4m('W2 H2 F1:1', 6, 3, parameters)))).toEqual(
        [0, 1, 2].map((n) => Array(6).fill(n)),
      );
  });

  it.each([1, 2, 7, 64, 100, 5_000])('reads a stream cut into pieces of %i bytes', async (step) => {
    const bytes = y4m('W16 H16 F25:1', 384, 9);
    expect(await pictures(chunked(bytes, step))).toEqual(Array.from({ length: 9 }, (_, n) => Array(384).fill(n)));
  });

  it('brings 4:2:2, 4:4:4 and mono to 4:2:0, odd sizes too', async () => {
    const frame = (tokens: string, bytes: number[]) =>
      Buffer.concat([text(`YUV4MPEG2 W3 H3 F1:1 ${tokens}\nFRAME\n`), Buffer.from(bytes)]);
    const luma = [1, 2, 3, 4, 5, 6, 7, 8, 9];
    const full = [10, 20, 30, 40, 50, 60, 70, 80, 90];
    const half = [10, 20, 30, 40, 50, 60];
    expect(await pictures(await file(frame('C444', [...luma, ...full, ...full])))).toEqual([
      [...luma, ...[30, 45, 75, 90], ...[30, 45, 75, 90]],
    ]);
    expect(await pictures(await file(frame('C422', [...luma, ...half, ...half])))).toEqual([
      [...luma, ...[20, 30, 50, 60], ...[20, 30, 50, 60]],
    ]);
    expect(await pictures(await file(frame('Cmono', luma)))).toEqual([[...luma, ...Array(8).fill(128)]]);
  });

  it('says its colour space, or takes the one it is told', async () => {
    const path = await file(y4m('W2 H2 F1:1 XCOLORRANGE=FULL', 6, 1));
    const spaces = [await collect(path), await collect(path, { colorSpace: 'bt709' })].map(([frame]) => {
      frame!.close();
      return frame!.colorSpace;
    });
    expect(spaces).toEqual(['bt601-full', 'bt709']);
  });

  it('loops without a gap, timestamps going on', async () => {
    const path = await file(y4m('W2 H2 F30000:1001', 6, 7));
    const frames = await collect(path, { loop: 3 });
    expect(frames.map((frame) => frame.data[0])).toEqual([
      0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6,
    ]);
    expect(frames.map((frame) => frame.timestamp)).toEqual(
      frames.map((_, index) => frameTime(index, exactFrameRate(29.97))),
    );
    for (const frame of frames) frame.close();
    expect(await pictures(await file(y4m('W2 H2 F1:1', 6, 0)), { loop: true })).toEqual([]);
  });

  it('loops until it is stopped, and gives back the file', async () => {
    using tracker = trackFrames();
    const sink = toNull<VideoFrame>();
    fromY4mFile(await file(y4m('W2 H2 F30:1', 6, 3)), { loop: true })
      .pipe(take(100))
      .subscribe(sink);
    expect((await sink.finished).frames).toBe(100);
    await expect.poll(() => tracker.open).toBe(0);
  });

  it('says its format before the start, as often as it is asked', async () => {
    const spec = fromY4mFile(await file(y4m('W6 H4 F30:1', 36, 1)))[NODE];
    const expected = { kind: 'video', width: 6, height: 4, format: 'I420' };
    expect(await spec.prepare?.()).toEqual(expected);
    expect(await spec.prepare?.()).toEqual(expected);
    await expect(fromY4mFile(join(folder, 'none'))[NODE].prepare?.()).rejects.toMatchObject({
      code: 'SLUICE_FILE_READ',
    });
  });

  it('needs a rate from somewhere', async () => {
    const path = await file(y4m('W2 H2 F0:0', 6, 2));
    await expect(collect(path)).rejects.toMatchObject({ code: 'SLUICE_Y4M_HEADER' });
    const frames = await collect(path, { frameRate: 50 });
    expect(frames.map((frame) => frame.timestamp)).toEqual([0, 20_000]);
    for (const frame of frames) frame.close();
  });

  it.each([1, 5, 6, 8, 17])(
    'drops and reports a last frame that lacks %i bytes, or ends with an error',
    async (lost) => {
      using tracker = trackFrames();
      const whole = y4m('W4 H2 F1:1', 12, 3);
      const path = await file(whole.subarray(0, whole.length - lost));
      const context = new ActorDouble();
      const sink = toFrames<VideoFrame>();
      withContext(context, () => fromY4mFile(path).subscribe(sink));
      const frames = await sink.finished;
      expect(frames.map((frame) => frame.data[0])).toEqual([0, 1]);
      for (const frame of frames) frame.close();
      expect(context.reports).toMatchObject([{ code: 'SLUICE_Y4M_TRUNCATED', message: expect.stringContaining(path) }]);
      const failing = toNull<VideoFrame>();
      fromY4mFile(path, { truncated: 'error' }).subscribe(failing);
      await expect(failing.finished).rejects.toEqual(code('SLUICE_Y4M_TRUNCATED'));
      tracker.assertNone();
    },
  );

  it('reports a truncated end once, however often it is played', async () => {
    const whole = y4m('W4 H2 F1:1', 12, 3);
    const path = await file(whole.subarray(0, whole.length - 1));
    const context = new ActorDouble();
    const sink = toNull<VideoFrame>();
    withContext(context, () => fromY4mFile(path, { loop: 3 }).subscribe(sink));
    expect((await sink.finished).frames).toBe(6);
    expect(context.reports).toHaveLength(1);
  });

  it.each([
    ['garbage between frames', 'SLUICE_Y4M_FRAME', Buffer.concat([y4m('W2 H2 F1:1', 6, 1), text('oops\nFRAME\n')])],
    ['a header with the wrong size', 'SLUICE_Y4M_FRAME', y4m('W4 H2 F1:1', 13, 3)],
    [
      'a frame line without end',
      'SLUICE_Y4M_FRAME',
      Buffer.concat([text('YUV4MPEG2 W2 H2 F1:1\nFRAME '), Buffer.alloc(5_000, 65)]),
    ],
    ['a header without end', 'SLUICE_Y4M_HEADER', Buffer.concat([text('YUV4MPEG2 '), Buffer.alloc(100_000, 65)])],
    ['a header that is cut', 'SLUICE_Y4M_TRUNCATED', text('YUV4MPEG2 W2')],
    ['a huge picture', 'SLUICE_Y4M_HEADER', text('YUV4MPEG2 W16384 H16384 F1:1\n')],
    ['more than eight bits', 'SLUICE_Y4M_UNSUPPORTED', text('YUV4MPEG2 W2 H2 F1:1 C420p10\n')],
    ['something else', 'SLUICE_Y4M_NOT_Y4M', Buffer.alloc(100_000, 10)],
    ['an empty file', 'SLUICE_Y4M_NOT_Y4M', Buffer.alloc(0)],
  ])('ends with a typed error at %s', async (_, expected, bytes) => {
    using tracker = trackFrames();
    for (const source of [await file(bytes), chunked(bytes, 1_000)]) {
      const sink = toNull<VideoFrame>();
      fromY4mFile(source).subscribe(sink);
      await expect(sink.finished).rejects.toEqual(code(expected));
    }
    tracker.assertNone();
  });

  it('ends with frames or a typed error, whatever the bytes', async () => {
    const start = fc.constantFrom('', 'YUV4MPEG2 ', 'YUV4MPEG2 W2 H2 F1:1\n', 'YUV4MPEG2 W2 H2 F1:1\nFRAME\n');
    await fc.assert(
      fc.asyncProperty(
        start,
        fc.uint8Array({ maxLength: 64 }),
        fc.integer({ min: 1, max: 40 }),
        async (begin, bytes, step) => {
          using tracker = trackFrames();
          try {
            await pictures(chunked(Buffer.concat([text(begin), bytes]), step), { maxPixels: 10_000, frameRate: 1 });
          } catch (error) {
            expect(isSluiceError(error) && error.code.startsWith('SLUICE_Y4M_')).toBe(true);
          }
          tracker.assertNone();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('ends with a typed error when there is no file, no regular one, or the stream fails', async () => {
    await expect(collect(join(folder, 'none'))).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    await expect(collect(folder)).rejects.toMatchObject({ code: 'SLUICE_FILE_READ' });
    const failing = new Readable({ read: () => {} });
    const frames = collect(failing);
    failing.destroy(new Error('unplugged'));
    await expect(frames).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
    await expect(collect(failing)).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
  });

  it('reads a stream once, and destroys it when nobody wants more', async () => {
    using tracker = trackFrames();
    const stream = chunked(y4m('W2 H2 F1:1', 6, 50), 10);
    const source = fromY4mFile(stream);
    const sink = toNull<VideoFrame>();
    source.pipe(take(2)).subscribe(sink);
    expect((await sink.finished).frames).toBe(2);
    expect(stream.destroyed).toBe(true);
    const again = toNull<VideoFrame>();
    source.subscribe(again);
    await expect(again.finished).rejects.toMatchObject({ code: 'SLUICE_STREAM_READ' });
    tracker.assertNone();
  });

  it('paces on the clock with live', async () => {
    const context = new ActorDouble();
    const arrivals: number[] = [];
    const source = fromY4mFile(await file(y4m('W2 H2 F30000:1001', 6, 31)), { live: true });
    withContext(context, () =>
      source.subscribe((frame) => {
        arrivals.push(context.clock.now() - frame.timestamp / 1_000);
        frame.close();
      }),
    );
    await context.clock.run();
    expect(arrivals).toHaveLength(31);
    for (const lateness of arrivals) expect(lateness).toBeCloseTo(0, 6);
  });

  it.each([
    ['path', () => fromY4mFile('')],
    ['path', () => fromY4mFile(7 as never)],
    ['source', () => fromY4mFile(new Readable({ objectMode: true }))],
    ['loop', () => fromY4mFile('a', { loop: 0 })],
    ['loop', () => fromY4mFile(new Readable(), { loop: true })],
    ['frameRate', () => fromY4mFile('a', { frameRate: 0 })],
    ['colorSpace', () => fromY4mFile('a', { colorSpace: 'rec709' as never })],
    ['maxPixels', () => fromY4mFile('a', { maxPixels: 0 })],
    ['truncated', () => fromY4mFile('a', { truncated: 'maybe' as never })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });

  it('tells of rows that the writer padded before a skewed picture leaves', async () => {
    // 6x4 with rows padded to four bytes, as y4menc writes them: 4 x 8 + 2 x 2 x 4 bytes instead of 36.
    for (const frames of [1, 2, 3])
      for (const source of [
        await file(y4m('W6 H4 F25:1 C420jpeg', 48, frames)),
        chunked(y4m('W6 H4 F25:1', 48, frames), 7),
      ]) {
        const seen: VideoFrame[] = [];
        const ended = new Promise((resolve) =>
          fromY4mFile(source).subscribe({
            next: (frame) => seen.push(frame),
            error: resolve,
            complete: () => resolve('end'),
          }),
        );
        expect(await ended).toMatchObject({ code: 'SLUICE_Y4M_FRAME', message: expect.stringContaining('y4menc') });
        expect(seen).toEqual([]);
      }
    for (const frames of [1, 2, 3])
      expect(await pictures(await file(y4m('W6 H4 F25:1', 36, frames)))).toHaveLength(frames);
    const path = await file(y4m('W6 H4 F25:1', 36, 2));
    expect((await pictures(path, { loop: 2 })).map(([first]) => first)).toEqual([0, 1, 0, 1]);
    const cut = y4m('W6 H4 F25:1', 36, 2).subarray(0, -5);
    expect(await pictures(await file(cut))).toHaveLength(1);
  });

  it('reports a file of many lines that does not say its matrix, and pixels that are not square', async () => {
    const doubts = async (tokens: string, options?: FromY4mFileOptions) => {
      const actor = new ActorDouble();
      const path = await file(y4m(tokens, tokens.startsWith('W3') ? 3 * 480 + 2 * 2 * 240 : 2_160, 1));
      const sink = toFrames<VideoFrame>();
      withContext(actor, () => fromY4mFile(path, options).subscribe(sink));
      for (const frame of await sink.finished) frame.close();
      for (const report of actor.reports) expect(report).toEqual(code('SLUICE_Y4M_GUESSED'));
      return actor.reports.map((report) => (report as Error).message);
    };
    expect(await doubts('W2 H720 F25:1')).toEqual([expect.stringMatching(/720 lines.*colorSpace: 'bt709'/)]);
    expect(await doubts('W2 H720 F25:1', { colorSpace: 'bt601' })).toEqual([]);
    expect(await doubts('W2 H720 F25:1 XMATRIX=709')).toEqual([]);
    expect(await doubts('W2 H720 F25:1 XMATRIX=601')).toEqual([]);
    expect(await doubts('W3 H480 F25:1 A1:1')).toEqual([]);
    const [message, ...more] = await doubts('W720 H2 F25:1 A64:45');
    expect(message).toContain("scale({ width: 1024, height: 2, fit: 'fill' })");
    expect(more).toEqual([]);
    await expect(doubts('W720 H2 F25:1 A0:0')).resolves.toEqual([]);
    expect((await collect(await file(y4m('W720 H2 F25:1 A64:45', 2_160, 1))))[0]).toMatchObject({ width: 720 });
  });
});
