// What pictures cost: colours, scaling, drawing over, pacing, memory. No sound.

import wrtc from '@roamhq/wrtc';
import { type ColorFormat, colorFormats, videoByteLength } from '@sluice/core';
import { convertColor, offerColorConverter, type Picture } from '@sluice/core/kernels';
import { referenceConvertColor } from '@sluice/core/testing';
import sharp from 'sharp';
import type { Bench, Report } from '../measuring/report.ts';
import { least, type Rounds } from '../measuring/rounds.ts';
import { ffmpegColorMs, gstreamerColorMs } from './color-tools.ts';

const size = { width: 1_920, height: 1_080 } as const;
const packed = colorFormats.filter((format) => format !== 'I420');
const framesPerRound = 10;

type Convert = (from: Picture, to: Picture) => void;
/** The engine's libyuv; its own declarations need the DOM library. */
const { rgbaToI420, i420ToRgba } = wrtc.nonstandard as unknown as {
  readonly rgbaToI420: Convert;
  readonly i420ToRgba: Convert;
};

/** Milliseconds for one frame of 1080p in another colour format, every format to I420 and back. */
export const color: Bench = {
  name: 'color',
  async run(report, { quick, note }) {
    const rounds = quick ? 8 : 40;
    for (const format of packed) {
      await compare(report, note, format, 'I420', rounds, quick);
      await compare(report, note, 'I420', format, rounds, quick);
    }
    compareLibyuv(report, 'RGBA', 'I420', rgbaToI420, rounds);
    compareLibyuv(report, 'I420', 'RGBA', i420ToRgba, rounds);
    await compareSharp(report, rounds);
  },
};

async function compare(
  report: Report,
  note: (text: string) => void,
  format: ColorFormat,
  target: ColorFormat,
  rounds: number,
  quick: boolean,
): Promise<void> {
  const [from, to] = [noise(format), blank(target)];
  const ours = bestMs(convertColor, from, to, rounds);
  const peers = {
    'plain JS': bestMs(referenceConvertColor, from, to, 1, 1).value,
    'GStreamer videoconvert': await gstreamerColorMs(size, format, target, quick ? 2 : 5),
    'ffmpeg swscale': await ffmpegColorMs(size, format, target, quick ? 2 : 5),
  };
  for (const [name, value] of Object.entries(peers))
    if (value === undefined) note(`without ${name}: it is not installed`);
    else report(`${format} -> ${target}`, ours, 'ms/frame', { name, value }, 'lower');
}

/** The kernels, and `convertColor` as it is once the engine runs in this process, beside the engine's libyuv itself. */
function compareLibyuv(report: Report, format: ColorFormat, target: ColorFormat, libyuv: Convert, rounds: number) {
  const [from, to] = [noise(format), blank(target)];
  const offered: Convert = (source, picture) => {
    const takeBack = offerColorConverter({ name: 'libyuv', from: format, to: target, convert: libyuv });
    convertColor(source, picture);
    takeBack();
  };
  // In turn, so that what else the machine does meets all of them; the best of each.
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round++)
    for (const [index, convert] of [convertColor, offered, libyuv].entries())
      times[index]!.push(bestMs(convert, from, to, 1).value);
  const peer = { name: 'libyuv of @roamhq/wrtc', value: least(times[2]).value };
  report(`${format} -> ${target}`, least(times[0]), 'ms/frame', peer, 'lower');
  report(`${format} -> ${target}, engine in process`, least(times[1]), 'ms/frame', peer, 'lower');
}

/** Of the formats sharp has only pixels of three and four bytes. */
async function compareSharp(report: Report, rounds: number): Promise<void> {
  const ways = [
    ['RGBA', 'RGB', 4],
    ['RGB', 'RGBA', 3],
  ] as const;
  for (const [format, target, channels] of ways) {
    const [from, to] = [noise(format), blank(target)];
    const ours = bestMs(convertColor, from, to, rounds);
    let theirs = Infinity;
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const image = sharp(from.data, { raw: { ...size, channels } });
      await (target === 'RGB' ? image.removeAlpha() : image.ensureAlpha()).raw().toBuffer();
      theirs = Math.min(theirs, performance.now() - start);
    }
    report(`${format} -> ${target}`, ours, 'ms/frame', { name: 'sharp', value: theirs }, 'lower');
  }
}

function bestMs(convert: Convert, from: Picture, to: Picture, rounds: number, frames = framesPerRound): Rounds {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let i = 0; i < frames; i++) convert(from, to);
    times.push((performance.now() - start) / frames);
  }
  return least(times);
}

function noise(format: ColorFormat): Picture {
  const picture = blank(format);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = Math.random() * 256;
  return picture;
}

function blank(format: ColorFormat): Picture {
  return { ...size, format, data: new Uint8Array(videoByteLength({ ...size, format })) };
}
