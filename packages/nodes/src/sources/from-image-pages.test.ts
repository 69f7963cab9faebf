import { micros, type VideoFrame, videoFrame } from '@sluice/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type GifPicture, gifFile } from '../../test/gif-file.ts';
import { toFrames } from '../sinks/to-frames.ts';
import { overlay } from '../video/overlay/overlay.ts';
import { fromFrames } from './from-frames.ts';
import { type FromImageOptions, fromImage } from './from-image.ts';

async function collect(bytes: Uint8Array, options: FromImageOptions): Promise<VideoFrame[]> {
  const sink = toFrames<VideoFrame>();
  fromImage(bytes, options).subscribe(sink);
  return sink.finished;
}

describe('fromImage, pages that are scaled', () => {
  const [width, height] = [16, 8];
  /** Black, white and a slope, as an animation and one by one. */
  const stills = [() => 0, () => 255, (x: number) => 17 * x].map((level) => {
    const data = Buffer.alloc(3 * width * height);
    for (let at = 0; at < data.length; at++) data[at] = level(Math.floor(at / 3) % width);
    return sharp(data, { raw: { width, height, channels: 3 } });
  });

  it.each([
    ['smaller', { width: 7 }],
    ['larger', { width: 100, height: 61, fit: 'fill' }],
    ['cut', { width: 9, height: 9, fit: 'cover' }],
    ['between bars', { width: 20, height: 30, background: '#102030' }],
    ['as they are', {}],
  ] as const)('are %s like the same pictures one by one', async (_, size) => {
    const drawn = await Promise.all(stills.map((still) => still.clone().png().toBuffer()));
    const joined = sharp(drawn, { join: { animated: true } }).webp({ delay: [40, 40, 40], lossless: true });
    for (const format of ['RGB', 'RGBA'] as const) {
      const pages = await collect(await joined.toBuffer(), { ...size, format, loop: false });
      expect(pages).toHaveLength(3);
      for (const [index, page] of pages.entries()) {
        const [alone] = await collect(drawn[index]!, { ...size, format, frames: 1 });
        expect([page.width, page.height]).toEqual([alone!.width, alone!.height]);
        expect(Buffer.from(page.data)).toEqual(Buffer.from(alone!.data));
        alone!.close();
        page.close();
      }
    }
  });
});

describe('fromImage, what no page of a GIF covers', () => {
  const names: Readonly<Record<string, string>> = {
    '255,0,0': 'R',
    '0,255,0': 'G',
    '0,0,255': 'B',
    '255,255,255': 'W',
  };
  const drawn = ({ data }: VideoFrame) =>
    Array.from({ length: 4 }, (_, y) =>
      Array.from({ length: 4 }, (_, x) => {
        const pixel = data.subarray(4 * (4 * y + x), 4 * (4 * y + x) + 4);
        return pixel[3] === 0 ? '.' : (names[pixel.subarray(0, 3).join()] ?? '?');
      }).join(''),
    );
  const shown = async (pictures: readonly GifPicture[], options: FromImageOptions = {}) => {
    const frames = await collect(gifFile(pictures), { format: 'RGBA', ...options });
    const result = frames.map((frame) => [frame.timestamp / 1e3, drawn(frame)]);
    for (const frame of frames) frame.close();
    return result;
  };
  const green = { x: 1, y: 1, side: 2, color: 1 } as const;
  const blue = { x: 0, y: 0, side: 2, color: 2 } as const;

  it('is transparent, and stays so page by page', async () => {
    expect(await shown([green, blue])).toEqual([
      [0, ['....', '.GG.', '.GG.', '....']],
      [100, ['BB..', 'BBG.', '.GG.', '....']],
    ]);
    expect(
      await shown([
        { ...green, disposal: 3 },
        { ...blue, disposal: 3 },
      ]),
    ).toEqual([
      [0, ['....', '.GG.', '.GG.', '....']],
      [100, ['BB..', 'BB..', '....', '....']],
    ]);
  });

  it('is transparent in a GIF of one picture', async () => {
    expect(await shown([green], { frames: 1 })).toEqual([[0, ['....', '.GG.', '.GG.', '....']]]);
  });

  it('is nothing where pages cover all', async () => {
    expect(await shown([{ x: 0, y: 0, side: 4, color: 3 }, green])).toEqual([
      [0, ['WWWW', 'WWWW', 'WWWW', 'WWWW']],
      [100, ['WWWW', 'WGGW', 'WGGW', 'WWWW']],
    ]);
  });

  it('shows the background, in each round', async () => {
    const frames = await collect(gifFile([green, blue]), { format: 'RGB', background: 'white', loop: 2, width: 8 });
    expect(frames).toHaveLength(4);
    for (const frame of frames) {
      expect([...frame.data.subarray(3 * 7, 3 * 8)]).toEqual([255, 255, 255]);
      frame.close();
    }
  });

  it('shows what it is laid over', async () => {
    const ground = { width: 4, height: 4, format: 'RGB', timestamp: micros(0) } as const;
    const frame = videoFrame({ ...ground, data: new Uint8Array(48).fill(77) });
    const sink = toFrames<VideoFrame>();
    fromFrames([frame])
      .pipe(overlay({ image: gifFile([green, blue]) }))
      .subscribe(sink);
    const [laid] = await sink.finished;
    expect([...laid!.data.subarray(0, 3)]).toEqual([77, 77, 77]);
    expect([...laid!.data.subarray(15, 18)]).toEqual([0, 255, 0]);
    laid!.close();
  });
});
