import type { ColorFormat, VideoFrame } from '@sluice/core';
import { psnr } from '@sluice/core/testing';
import { fromTestPattern, type ScaleFilter, scale } from '@sluice/nodes';
import { firstValueFrom, from } from 'rxjs';
import type { Bench, Report } from '../measuring/report.ts';
import { least } from '../measuring/rounds.ts';
import { sharpScaled } from './sharp-scaled.ts';

const sizes = { '720p': { width: 1_280, height: 720 }, '1080p': { width: 1_920, height: 1_080 } } as const;
type Size = keyof typeof sizes;

const ways = [
  ['1080p', '720p'],
  ['720p', '1080p'],
] as const;
const filters = ['linear', 'cubic'] as const;
const formats = ['I420', 'RGB', 'RGBA'] as const;

/** Milliseconds a frame through `scale`, and what is left of a picture, beside sharp called raw. */
export const videoScale: Bench = {
  name: 'video-scale',
  async run(report, { quick }) {
    const rounds = quick ? 6 : 25;
    for (const format of formats)
      for (const [small, large] of ways)
        for (const filter of filters) await compareSpeed(report, format, small, large, filter, rounds);
    for (const filter of filters) await compareQuality(report, filter);
  },
};

async function compareSpeed(
  report: Report,
  format: ColorFormat,
  fromSize: Size,
  toSize: Size,
  filter: ScaleFilter,
  rounds: number,
): Promise<void> {
  using picture = await testPicture(format, fromSize);
  const ours: number[] = [];
  let theirs = Infinity;
  // In turn, so that what else the machine does meets both; the best of each.
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(async () => (await scaled(picture, toSize, filter)).close()));
    theirs = Math.min(theirs, await timed(() => sharpScaled(picture, sizes[toSize], filter)));
  }
  report(
    `${format} ${fromSize} -> ${toSize} ${filter}`,
    least(ours),
    'ms/frame',
    { name: 'sharp', value: theirs },
    'lower',
  );
}

/** A picture made smaller and larger again, against itself. */
async function compareQuality(report: Report, filter: ScaleFilter): Promise<void> {
  using picture = await testPicture('RGB', '1080p');
  using small = await scaled(picture, '720p', filter);
  using again = await scaled(small, '1080p', filter);
  const theirSmall = {
    ...sizes['720p'],
    format: 'RGB',
    data: await sharpScaled(picture, sizes['720p'], filter),
  } as const;
  const theirs = {
    ...sizes['1080p'],
    format: 'RGB',
    data: await sharpScaled(theirSmall, sizes['1080p'], filter),
  } as const;
  const peer = { name: 'sharp', value: psnr(picture, theirs).overall };
  report(`RGB 1080p -> 720p -> 1080p ${filter}, PSNR`, psnr(picture, again).overall, 'dB', peer, 'higher');
}

function testPicture(format: ColorFormat, size: Size): Promise<VideoFrame> {
  return firstValueFrom(fromTestPattern({ ...sizes[size], format, duration: 1 }));
}

function scaled(picture: VideoFrame, size: Size, filter: ScaleFilter): Promise<VideoFrame> {
  return firstValueFrom(from([picture.clone()]).pipe(scale({ ...sizes[size], fit: 'fill', filter })));
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
