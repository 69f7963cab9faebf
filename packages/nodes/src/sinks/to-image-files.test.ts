import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type ColorFormat, colorFormats, graph, micros, videoFrame, videoFramePool } from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import { trackFrames } from '@sluice/core/testing';
import { of, tap, throwError } from 'rxjs';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageFileInfo, ImageFileNames } from '../formats/image/image-file-names.ts';
import { fromFrames } from '../sources/from-frames.ts';
import { fromTestPattern } from '../sources/from-test-pattern.ts';
import { readTestPattern } from '../video/pattern/read-test-pattern.ts';
import { type ImageFilesResult, type ToImageFilesOptions, toImageFiles } from './to-image-files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-to-image-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

const size = { width: 160, height: 96, format: 'RGBA' } as const;

async function written(
  names: ImageFileNames,
  options: ToImageFilesOptions = {},
  frames = 3,
): Promise<ImageFilesResult> {
  const sink = toImageFiles(names, options);
  fromTestPattern({ ...size, frames }).subscribe(sink);
  return sink.finished;
}

/** Which frame of the test pattern a file shows. */
async function numberIn(path: string): Promise<number | undefined> {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const frame = videoFrame({ width, height, format: 'RGBA', timestamp: micros(0), data: Uint8Array.from(data) });
  const reading = readTestPattern(frame);
  frame.close();
  return reading?.frameNumber;
}

const numbersIn = (files: readonly string[]) => Promise.all(files.map((file) => numberIn(join(folder, file))));

/** A picture with a gradient each way and half of it half-transparent. */
function gradient(format: ColorFormat) {
  const [width, height] = [37, 23];
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set([6 * x, 11 * y, 255 - 6 * x, x > 18 ? 128 : 255], 4 * (y * width + x));
  const frame = videoFramePool.frame({ width, height, format, timestamp: micros(0) });
  convertColor({ width, height, format: 'RGBA', data }, frame);
  return { frame, data };
}

describe('toImageFiles', () => {
  it('numbers the files by a pattern, from 1', async () => {
    using tracker = trackFrames();
    const result = await written(join(folder, 'a %% of %03d-%d.png'));
    const files = (await readdir(folder)).sort();
    expect(files).toEqual(['a % of 001-1.png', 'a % of 002-2.png', 'a % of 003-3.png']);
    expect(await numbersIn(files)).toEqual([0, 1, 2]);
    const sizes = await Promise.all(files.map(async (file) => (await readFile(join(folder, file))).length));
    expect(result).toEqual({
      files: 3,
      received: 3,
      bytes: sizes.reduce((a, b) => a + b),
      lastPath: join(folder, 'a % of 003-3.png'),
    });
    tracker.assertNone();
  });

  it('names them by a function, also as file: URLs', async () => {
    const infos: ImageFileInfo[] = [];
    await written(
      (info) => {
        infos.push(info);
        return info.number === 1 ? join(folder, 'one.webp') : pathToFileURL(join(folder, `at-${info.timestamp}.png`));
      },
      {},
      2,
    );
    expect(infos).toEqual([
      { number: 1, timestamp: 0, width: 160, height: 96 },
      { number: 2, timestamp: 33_333, width: 160, height: 96 },
    ]);
    expect((await readdir(folder)).sort()).toEqual(['at-33333.png', 'one.webp']);
  });

  it('writes each n-th, or one for so much time', async () => {
    const counted = await written(join(folder, 'n%02d.png'), { every: 10 }, 35);
    expect(counted).toMatchObject({ files: 4, received: 35 });
    const timed = await written(join(folder, 't%02d.png'), { everySeconds: 0.5 }, 46);
    expect(timed).toMatchObject({ files: 4, received: 46 });
    const files = (await readdir(folder)).sort();
    expect(await numbersIn(files)).toEqual([0, 10, 20, 30, 0, 15, 30, 45]);
  });

  it('replaces one file again and again without a number', async () => {
    const path = join(folder, 'now.png');
    await writeFile(path, 'old');
    expect(await written(path, { maxInFlight: 4 }, 9)).toMatchObject({ files: 9 });
    expect(await readdir(folder)).toEqual(['now.png']);
    expect(await numberIn(path)).toBe(8);
  });

  it.each([
    ['a.png', {}, 'png'],
    ['a.JPG', {}, 'jpeg'],
    ['a.jpeg', {}, 'jpeg'],
    ['a.webp', {}, 'webp'],
    ['a', { encoding: 'webp' }, 'webp'],
    ['a.png', { encoding: 'jpeg' }, 'jpeg'],
  ] as const)('writes %s with %o as %s', async (name, options, expected) => {
    await written(join(folder, name), options, 1);
    expect((await sharp(join(folder, name)).metadata()).format).toBe(expected);
  });

  it('writes less with less quality', async () => {
    const bytes = async (quality: number) => (await written(join(folder, `q${quality}.jpg`), { quality }, 1)).bytes;
    expect(await bytes(20)).toBeLessThan(0.8 * (await bytes(95)));
  });

  it.each(colorFormats)('writes the colours of %s, and the alpha of what has it', async (format) => {
    using tracker = trackFrames();
    const { frame, data } = gradient(format);
    const sink = toImageFiles(join(folder, 'a.png'));
    fromFrames([frame]).subscribe(sink);
    await sink.finished;
    const image = sharp(join(folder, 'a.png'));
    const opaque = format === 'RGB' || format === 'I420';
    expect((await image.metadata()).channels).toBe(opaque ? 3 : 4);
    const pixels = await image.ensureAlpha().raw().toBuffer();
    let worst = 0;
    for (const [index, value] of pixels.entries()) {
      const expected = opaque && index % 4 === 3 ? 255 : data[index]!;
      worst = Math.max(worst, Math.abs(value - expected));
    }
    expect(worst).toBeLessThanOrEqual(format === 'I420' ? 12 : 0);
    tracker.assertNone();
  });

  it('leaves alpha out of a JPEG instead of blackening what is transparent', async () => {
    const { frame } = gradient('BGRA');
    const sink = toImageFiles(join(folder, 'a.jpg'), { quality: 100 });
    fromFrames([frame]).subscribe(sink);
    await sink.finished;
    const { data, info } = await sharp(join(folder, 'a.jpg')).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(3);
    expect(Math.abs(data[3 * (11 * 37 + 36)]! - 216)).toBeLessThan(12);
  });

  it('takes pictures of any size one after the other', async () => {
    const sizes = [16, 33, 7];
    const sink = toImageFiles(join(folder, '%d.webp'));
    const frames = sizes.map((width) =>
      videoFramePool.frame({ width, height: 9, format: 'I420', timestamp: micros(0) }),
    );
    fromFrames(frames).subscribe(sink);
    await sink.finished;
    for (const [index, width] of sizes.entries())
      expect(await sharp(join(folder, `${index + 1}.webp`)).metadata()).toMatchObject({ width, height: 9 });
  });

  it.each([1, 2, 5])('holds its source back, with at most %i pictures under way', async (maxInFlight) => {
    using tracker = trackFrames();
    let highest = 0;
    const sink = toImageFiles(join(folder, '%02d.jpg'), { maxInFlight });
    fromTestPattern({ width: 640, height: 360, format: 'RGBA', frames: 24 })
      .pipe(
        tap(() => {
          highest = Math.max(highest, tracker.open);
        }),
      )
      .subscribe(sink);
    expect(await sink.finished).toMatchObject({ files: 24 });
    expect(highest).toBe(maxInFlight);
    tracker.assertNone();
  });

  it('lets files appear in order and whole', async () => {
    const sink = toImageFiles(join(folder, '%d.png'), { maxInFlight: 4 });
    let ended = false;
    // Every second picture takes much longer to encode.
    const frames = Array.from({ length: 12 }, (_, index) => {
      const [width, height] = index % 2 === 0 ? [1_280, 720] : [8, 8];
      return videoFramePool.frame({ width, height, format: 'RGB', timestamp: micros(index) });
    });
    fromFrames(frames).subscribe(sink);
    const finished = sink.finished.finally(() => {
      ended = true;
    });
    while (!ended) {
      const numbers = (await readdir(folder))
        .filter((name) => name.endsWith('.png'))
        .map((name) => Number.parseInt(name, 10));
      for (let number = 1; number <= Math.max(0, ...numbers); number++) {
        const bytes = await readFile(join(folder, `${number}.png`));
        expect(bytes.subarray(-8, -4).toString('latin1')).toBe('IEND');
      }
    }
    await finished;
    expect(await readdir(folder)).toHaveLength(12);
  });

  it('writes nothing for nothing', async () => {
    const sink = toImageFiles(join(folder, '%d.png'));
    fromFrames([]).subscribe(sink);
    expect(await sink.finished).toEqual({ files: 0, received: 0, bytes: 0, lastPath: undefined });
  });

  it('works in a graph', async () => {
    using tracker = trackFrames();
    const show = graph('show');
    const sink = toImageFiles(join(folder, '%d.jpg'), { every: 5 });
    show.from(fromTestPattern({ ...size, frames: 20 })).to(sink);
    await show.run();
    expect(await sink.finished).toMatchObject({ files: 4, received: 20 });
    tracker.assertNone();
  });
});

describe('toImageFiles, faults', () => {
  it('says before the first frame that it cannot write to a folder', async () => {
    using tracker = trackFrames();
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'missing', '%d.png'), join(folder, 'file', '%d.png')]) {
      const show = graph('show');
      let frames = 0;
      show
        .from(fromTestPattern({ ...size, frames: 3 }))
        .pipe(
          tap(() => {
            frames++;
          }),
        )
        .to(toImageFiles(path));
      await expect(show.run()).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
      expect(frames).toBe(0);
    }
    tracker.assertNone();
  });

  it('names a file that cannot be written, leaves nothing of it behind and keeps those before it', async () => {
    using tracker = trackFrames();
    await mkdir(join(folder, '2.png', 'full'), { recursive: true });
    const fault = written(join(folder, '%d.png'), { maxInFlight: 3 }, 9);
    await expect(fault).rejects.toMatchObject({
      code: 'SLUICE_FILE_WRITE',
      message: expect.stringContaining(join(folder, '2.png')),
      cause: expect.objectContaining({ syscall: 'rename' }),
    });
    expect((await readdir(folder)).sort()).toEqual(['1.png', '2.png']);
    tracker.assertNone();
  });

  it('fails also when the last file of all cannot be written', async () => {
    await mkdir(join(folder, '3.png', 'full'), { recursive: true });
    await expect(written(join(folder, '%d.png'), { maxInFlight: 8 })).rejects.toMatchObject({
      code: 'SLUICE_FILE_WRITE',
    });
    await expect(written(() => join(folder, 'missing', 'a.png'))).rejects.toMatchObject({ code: 'SLUICE_FILE_WRITE' });
  });

  it('names a picture that an encoding cannot hold', async () => {
    using tracker = trackFrames();
    const sink = toImageFiles(join(folder, '%d.webp'));
    const frame = videoFramePool.frame({ width: 16_384, height: 2, format: 'I420', timestamp: micros(40_000) });
    fromFrames([frame]).subscribe(sink);
    await expect(sink.finished).rejects.toMatchObject({
      code: 'SLUICE_IMAGE_ENCODE',
      timestamp: 40_000,
      message: expect.stringContaining('webp'),
    });
    expect(await readdir(folder)).toEqual([]);
    tracker.assertNone();
  });

  it.each([
    ['throws', () => JSON.parse('{')],
    ['gives no path', () => 7 as never],
    ['gives an ending that says nothing', () => 'a.bmp'],
  ])('ends with a name function that %s', async (_, names) => {
    using tracker = trackFrames();
    await expect(written(names, {}, 5)).rejects.toBeInstanceOf(Error);
    tracker.assertNone();
  });

  it('leaves whole files when the stream breaks', async () => {
    using tracker = trackFrames();
    const sink = toImageFiles(join(folder, '%d.png'), { maxInFlight: 4 });
    const { frame } = gradient('I420');
    of(frame).subscribe({ next: sink.next });
    throwError(() => new Error('broken')).subscribe(sink);
    await expect(sink.finished).rejects.toThrow('broken');
    for (const file of await readdir(folder)) {
      expect(basename(file, '.png')).toBe('1');
      await sharp(join(folder, file)).stats();
    }
    tracker.assertNone();
  });

  it.each([
    ['path', () => toImageFiles('')],
    ['path', () => toImageFiles('a.bmp')],
    ['path', () => toImageFiles('a-%d')],
    ['path', () => toImageFiles('a-%s.png')],
    ['path', () => toImageFiles('100%.png')],
    ['every', () => toImageFiles('a.png', { every: 0 })],
    ['every', () => toImageFiles('a.png', { every: 1.5 })],
    ['everySeconds', () => toImageFiles('a.png', { everySeconds: 0 })],
    ['everySeconds', () => toImageFiles('a.png', { every: 2, everySeconds: 1 })],
    ['encoding', () => toImageFiles('a.png', { encoding: 'bmp' as never })],
    ['quality', () => toImageFiles('a.jpg', { quality: 0 })],
    ['maxInFlight', () => toImageFiles('a.png', { maxInFlight: 65 })],
  ])('refuses a bad %s at once', (name, make) => {
    expect(make).toThrow(new RegExp(`^${name} `));
  });
});
