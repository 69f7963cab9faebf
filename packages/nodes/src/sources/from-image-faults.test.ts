import { readFile } from 'node:fs/promises';
import { isSluiceError, micros, type VideoFrame, videoFrame, withContext } from '@sluice/core';
import { ActorDouble } from '@sluice/core/testing';
import type { Observable } from 'rxjs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { pngChunk, pngFile, pngPixels } from '../../test/png-file.ts';
import type { ImageTolerance } from '../formats/image/image-tolerance.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { overlay } from '../video/overlay/overlay.ts';
import { fromFrames } from './from-frames.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';
import { fromImages } from './from-images.ts';

const fixture = (name: string) => readFile(new URL(`../../test/fixtures/${name}`, import.meta.url));
const [width, height] = [40, 24];

interface Outcome {
  readonly pixel?: readonly number[];
  readonly error?: string;
  readonly message?: string;
  readonly reports: readonly string[];
}

/** What comes of a source of RGB frames: the pixel at 3, 3, or the error, and what was reported. */
async function outcomeOf(source: () => Observable<VideoFrame>): Promise<Outcome> {
  const context = new ActorDouble();
  const sink = toFrames<VideoFrame>();
  withContext(context, () => source().subscribe(sink));
  const result = await sink.finished.catch((error: unknown) => error);
  const reports = context.reports.map((report) => (report as { readonly code: string }).code);
  if (!Array.isArray(result)) {
    if (!isSluiceError(result)) throw result;
    return { error: result.code, message: result.message, reports };
  }
  const [frame] = result as VideoFrame[];
  const at = 3 * (3 * frame!.width + 3);
  const pixel = [...frame!.data.subarray(at, at + 3)];
  for (const each of result as VideoFrame[]) each.close();
  return { pixel, reports };
}

type Tolerant = { readonly tolerance?: ImageTolerance };
const ways = {
  fromImage: (bytes: Uint8Array, options: Tolerant) => () => fromImage(bytes, { ...options, format: 'RGB', frames: 3 }),
  fromImages: (bytes: Uint8Array, options: Tolerant) => () =>
    fromImages([bytes], { ...options, format: 'RGB', seconds: 0.1 }),
  overlay: (bytes: Uint8Array, options: Tolerant) => () => {
    const data = new Uint8Array(3 * width * height);
    const ground = videoFrame({ width, height, format: 'RGB', data, timestamp: micros(0) });
    return fromFrames([ground]).pipe(overlay({ image: bytes, ...options }));
  },
};

describe.each(Object.entries(ways))('%s, images with faults', (name, way) => {
  let good: Buffer;
  let scan: number;
  let end: number;
  beforeAll(async () => {
    const red = sharp({ create: { width, height, channels: 3, background: '#ff0000' } });
    good = await red.jpeg({ quality: 95 }).toBuffer();
    scan = good.indexOf(Buffer.from([0xff, 0xda]));
    end = scan + good.readUInt16BE(scan + 2);
  });
  const flawed = (): Record<string, Buffer> => {
    const telephone = Buffer.from(good);
    telephone[end] = 0;
    return {
      'spectral selection of a telephone': telephone,
      'stray bytes before the scan': Buffer.concat([good.subarray(0, scan), Buffer.alloc(3), good.subarray(scan)]),
      'no end marker': good.subarray(0, -2),
      'half of an end marker': good.subarray(0, -1),
    };
  };
  const refused = name === 'overlay' ? 'SLUICE_OVERLAY_CONTENT' : 'SLUICE_IMAGE_CORRUPT';

  it('shows what viewers show, and reports it once', async () => {
    expect(await outcomeOf(way(good, {}))).toEqual({ pixel: [254, 0, 0], reports: [] });
    for (const [fault, bytes] of Object.entries(flawed()))
      expect([fault, await outcomeOf(way(bytes, {}))]).toEqual([
        fault,
        { pixel: [254, 0, 0], reports: ['SLUICE_IMAGE_FLAWED'] },
      ]);
  });

  it("refuses it with tolerance 'none'", async () => {
    for (const [fault, bytes] of Object.entries(flawed()))
      expect([fault, (await outcomeOf(way(bytes, { tolerance: 'none' }))).error]).toEqual([fault, refused]);
    expect((await outcomeOf(way(good, { tolerance: 'none' }))).pixel).toEqual([254, 0, 0]);
  });

  it("refuses what is cut short, and shows it with tolerance 'damage'", async () => {
    const noise = sharp({
      create: { width, height, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 30 } },
    });
    const whole = await noise.jpeg().toBuffer();
    const cut = whole.subarray(0, Math.floor(whole.length * 0.7));
    const { error, message } = await outcomeOf(way(cut, {}));
    expect(error).toBe(refused);
    expect(message).toContain("tolerance: 'damage'");
    const { pixel, reports } = await outcomeOf(way(cut, { tolerance: 'damage' }));
    expect(reports).toEqual(['SLUICE_IMAGE_FLAWED']);
    const expected = await sharp(whole).raw().toBuffer();
    expect(pixel).toEqual([...expected.subarray(3 * (3 * width + 3), 3 * (3 * width + 3) + 3)]);
  });

  it('says of HEIC that HEVC is not built in, and what an animated AVIF is', async () => {
    const heic = await outcomeOf(way(await fixture('red.heic'), {}));
    expect(heic.error).toBe(name === 'overlay' ? refused : 'SLUICE_IMAGE_FORMAT');
    expect(heic.message).toMatch(/HEIC.*HEVC.*not built in/s);
    const sequence = await outcomeOf(way(await fixture('red-sequence.avif'), {}));
    expect(sequence.error).toBe(name === 'overlay' ? refused : 'SLUICE_IMAGE_FORMAT');
    expect(sequence.message).toMatch(/animated AVIF.*not read/s);
  });
});

describe('fromImage, an animated PNG', () => {
  const size = { width: 5, height: 5, depth: 8, pixel: [255, 0, 0] } as const;
  /** Two pictures: red, and blue in a chunk of its own. */
  function animated(pages: number): Buffer {
    const control = Buffer.alloc(8);
    control.writeUInt32BE(pages, 0);
    const frame = (sequence: number) => {
      const bytes = Buffer.alloc(26);
      for (const [at, value] of [sequence, 5, 5].entries()) bytes.writeUInt32BE(value, 4 * at);
      bytes.writeUInt16BE(1, 20);
      bytes.writeUInt16BE(5, 22);
      return pngChunk('fcTL', bytes);
    };
    const blue = pngChunk('fdAT', Buffer.concat([Buffer.from([0, 0, 0, 2]), pngPixels(5, 5, 8, [0, 0, 255])]));
    return pngFile({ ...size, chunks: [pngChunk('acTL', control), frame(0)], after: [frame(1), blue] });
  }
  const still = (bytes: Uint8Array, options: FromImageOptions = {}) =>
    outcomeOf(() => fromImage(bytes, { format: 'RGB', frames: 5, ...options }));

  it('is reported as a still', async () => {
    expect(await still(animated(2))).toEqual({ pixel: [255, 0, 0], reports: ['SLUICE_IMAGE_ANIMATION'] });
  });

  it('is none with one picture, or without a control chunk', async () => {
    expect(await still(animated(1))).toEqual({ pixel: [255, 0, 0], reports: [] });
    expect(await still(pngFile(size))).toEqual({ pixel: [255, 0, 0], reports: [] });
  });
});
