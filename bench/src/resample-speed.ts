import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { AudioFormat } from '@sluice/core';
import type { ConverterFactory } from './resample-converters.ts';

const run = promisify(execFile);

const frameMs = 20;

/** Seconds of audio for each second of CPU, in frames of 20 ms of noise, over about `budgetMs`. */
export function speed(create: ConverterFactory, from: AudioFormat, to: AudioFormat, budgetMs: number): number {
  const converter = create(from, to);
  const length = (from.sampleRate * frameMs) / 1000;
  const frame = Int16Array.from({ length: length * from.channels }, () => (Math.random() - 0.5) * 40_000);
  for (let i = 0; i < 300; i++) converter.process(frame);
  const start = performance.now();
  let frames = 0;
  let elapsed = 0;
  while (elapsed < budgetMs) {
    for (let i = 0; i < 50; i++) converter.process(frame);
    frames += 50;
    elapsed = performance.now() - start;
  }
  converter.close();
  return (frames * frameMs) / elapsed;
}

/**
 * The same of GStreamer's audioresample at quality 8, in buffers of 20 ms: the time of
 * `audiotestsrc ! audioresample ! fakesink` minus that of `audiotestsrc ! fakesink` with the same source, which takes
 * process start and the making of the signal out. The best of three of each. Undefined without gst-launch-1.0.
 */
export async function gstreamerSpeed(from: AudioFormat, to: AudioFormat): Promise<number | undefined> {
  const buffers = 50_000;
  const source = [
    ...['audiotestsrc', 'wave=saw', `num-buffers=${buffers}`, `samplesperbuffer=${(from.sampleRate * frameMs) / 1000}`],
    ...['!', `audio/x-raw,format=S16LE,layout=interleaved,rate=${from.sampleRate},channels=${from.channels}`, '!'],
  ];
  const filter = ['audioresample', 'quality=8', '!', `audio/x-raw,format=S16LE,rate=${to.sampleRate}`, '!'];
  const sink = ['fakesink', 'sync=false'];
  try {
    let withFilter = Number.POSITIVE_INFINITY;
    let without = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) {
      without = Math.min(without, await gstreamerMs([...source, ...sink]));
      withFilter = Math.min(withFilter, await gstreamerMs([...source, ...filter, ...sink]));
    }
    return (buffers * frameMs) / (withFilter - without);
  } catch {
    return undefined;
  }
}

async function gstreamerMs(pipeline: readonly string[]): Promise<number> {
  const start = performance.now();
  await run('gst-launch-1.0', ['-q', ...pipeline]);
  return performance.now() - start;
}
