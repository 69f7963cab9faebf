import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ColorFormat } from '@sluice/core';
import { gstreamerMs } from '../measuring/gstreamer.ts';

const run = promisify(execFile);
const frames = 150;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Milliseconds a frame that `videoconvert` takes, on its one thread. Undefined without gst-launch-1.0. */
export async function gstreamerColorMs(
  { width, height }: Size,
  from: ColorFormat,
  to: ColorFormat,
  rounds: number,
): Promise<number | undefined> {
  const caps = `video/x-raw,format=${from},width=${width},height=${height},framerate=30/1`;
  const ms = await gstreamerMs({
    source: ['videotestsrc', 'pattern=black', `num-buffers=${frames}`, '!', caps, '!'],
    extra: ['videoconvert', '!', `video/x-raw,format=${to}`, '!'],
    sink: ['fakesink', 'sync=false'],
    rounds,
  });
  return ms && ms / frames;
}

const pixelFormats: Readonly<Record<ColorFormat, string>> = {
  RGBA: 'rgba',
  RGB: 'rgb24',
  ARGB: 'argb',
  ABGR: 'abgr',
  BGRA: 'bgra',
  I420: 'yuv420p',
};

/** Milliseconds a frame that ffmpeg's swscale takes on one thread, by difference. Undefined without ffmpeg. */
export async function ffmpegColorMs(
  { width, height }: Size,
  from: ColorFormat,
  to: ColorFormat,
  rounds: number,
): Promise<number | undefined> {
  const repeated = `testsrc=s=${width}x${height},format=${pixelFormats[from]},loop=loop=${frames}:size=1`;
  let [without, withScale] = [Infinity, Infinity];
  try {
    for (let i = 0; i < rounds; i++) {
      without = Math.min(without, await ffmpegMs(repeated, pixelFormats[from]));
      withScale = Math.min(withScale, await ffmpegMs(repeated, pixelFormats[to]));
    }
  } catch {
    return undefined;
  }
  return (withScale - without) / frames;
}

async function ffmpegMs(source: string, format: string): Promise<number> {
  const start = performance.now();
  const input = ['-filter_threads', '1', '-f', 'lavfi', '-i', source];
  const convert = ['-vf', `format=${format}`, '-frames:v', `${frames}`];
  await run('ffmpeg', ['-v', 'error', '-nostdin', ...input, ...convert, '-f', 'null', '-']);
  return performance.now() - start;
}
