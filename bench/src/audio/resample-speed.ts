import type { AudioFormat } from '@sluice/core';
import { gstreamerMs } from '../measuring/gstreamer.ts';
import type { ConverterFactory } from './resample-converters.ts';

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

/** The same of GStreamer's audioresample at quality 8, in buffers of 20 ms. Undefined without gst-launch-1.0. */
export async function gstreamerSpeed(from: AudioFormat, to: AudioFormat, rounds: number): Promise<number | undefined> {
  const buffers = 50_000;
  const samples = (from.sampleRate * frameMs) / 1000;
  const format = `audio/x-raw,format=S16LE,layout=interleaved,rate=${from.sampleRate},channels=${from.channels}`;
  const ms = await gstreamerMs({
    source: ['audiotestsrc', 'wave=saw', `num-buffers=${buffers}`, `samplesperbuffer=${samples}`, '!', format, '!'],
    extra: ['audioresample', 'quality=8', '!', `audio/x-raw,format=S16LE,rate=${to.sampleRate}`, '!'],
    sink: ['fakesink', 'sync=false'],
    rounds,
  });
  return ms && (buffers * frameMs) / ms;
}
