import { type ColorFormat, micros, videoFramePool } from '@sluice/core';
import { overlay } from '@sluice/nodes';
import { Subject } from 'rxjs';
import sharp from 'sharp';
import type { Bench, Report } from '../measuring/report.ts';
import { least, type Rounds } from '../measuring/rounds.ts';

const size = { width: 1_920, height: 1_080 } as const;
const badges = { 'a badge of 400x100': [400, 100], 'a layer of 1920x1080': [1_920, 1_080] } as const;

/** Milliseconds for a picture of 1080p with something laid over it, beside sharp called raw. */
export const videoOverlay: Bench = {
  name: 'video-overlay',
  async run(report, { quick }) {
    for (const format of ['I420', 'RGBA', 'RGB'] as const)
      for (const [name, [width, height]] of Object.entries(badges))
        await compare(report, format, name, svg(width, height), quick ? 10 : 60);
  },
};

async function compare(report: Report, format: ColorFormat, name: string, badge: string, rounds: number) {
  const channels = format === 'RGB' ? 3 : 4;
  const pixels = Buffer.alloc(size.width * size.height * channels, 90);
  const layer = await sharp(Buffer.from(badge)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const input = { input: layer.data, raw: { ...layer.info, channels: 4 as const }, left: 0, top: 0 };
  const ours = await overlaid(format, badge, rounds);
  let theirs = Infinity;
  // Sharp has no I420: what it does to RGBA stands beside it.
  for (let round = 0; round < rounds / 3; round++) {
    const start = performance.now();
    await sharp(pixels, { raw: { ...size, channels } })
      .composite([input])
      .raw()
      .toBuffer();
    theirs = Math.min(theirs, performance.now() - start);
  }
  report(`${name} on ${format}`, ours, 'ms/frame', { name: 'sharp', value: theirs }, 'lower');
}

/** The fastest frame through `overlay`, once its content is drawn. */
async function overlaid(format: ColorFormat, badge: string, rounds: number): Promise<Rounds> {
  const source = new Subject<ReturnType<typeof videoFramePool.frame>>();
  let arrived = () => {};
  source.pipe(overlay({ svg: badge })).subscribe((frame) => {
    frame.close();
    arrived();
  });
  const next = () => {
    const frame = videoFramePool.frame({ ...size, format, timestamp: micros(0) });
    // Opaque, as what comes from a camera.
    frame.data.fill(255);
    const start = performance.now();
    return new Promise<number>((resolve) => {
      arrived = () => resolve(performance.now() - start);
      source.next(frame);
    });
  };
  await next();
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await next());
  source.complete();
  return least(times);
}

function svg(width: number, height: number): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="${width}" height="${height}" rx="24" fill="#204080" fill-opacity="0.8"/>
    <circle cx="60" cy="50" r="36" fill="white"/></svg>`;
}
