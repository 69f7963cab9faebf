import {
  type AudioFrame,
  createSink,
  invalidArgument,
  type Micros,
  microsToSamples,
  type Sink,
  samplesToMicros,
} from '@sluice/core';
import { Resampler } from '@sluice/core/kernels';
import type { Columns } from '../kernels/columns.ts';
import { checkNumber } from '../options/check-option.ts';
import type { Canvas, PlotArea } from './canvas.ts';
import { writePng } from './write-png.ts';

/** How large a picture of sound is. */
export interface SoundPictureOptions {
  /** Pixels, 200 to 8,000. Default 1,000. */
  readonly width?: number;
  /** Pixels, 100 to 4,000. Default 300. */
  readonly height?: number;
}

/** What was drawn, and where. */
export interface SoundPictureResult {
  /** Where the PNG is, as it was given. */
  readonly path: string;
  /** Length of the sound with what is missing in it, in microseconds. */
  readonly duration: Micros;
  /** Frames before which media was missing. */
  readonly gaps: number;
  /** Where in the picture the sound is: what is around it are axes. */
  readonly plot: PlotArea;
}

/** What a picture is drawn from, and how. */
export interface PictureMaker<C extends Columns & { add(samples: Int16Array, channels: number): void }> {
  readonly name: string;
  readonly begin: (sampleRate: number) => C;
  /** Draws what came: all columns, at the rate that they were begun with. */
  readonly draw: (columns: C, sampleRate: number) => { readonly canvas: Canvas; readonly plot: PlotArea };
}

/** Checks what all pictures are asked for. */
export function checkSize(name: string, path: unknown, { width = 1_000, height = 300 }: SoundPictureOptions) {
  if (typeof path !== 'string' || path === '') throw invalidArgument(`${name}.path`, 'a path', path);
  checkNumber(`${name}.width`, width, { min: 200, max: 8_000, unit: 'pixels' });
  checkNumber(`${name}.height`, height, { min: 100, max: 4_000, unit: 'pixels' });
  return { width: Math.round(width), height: Math.round(height) };
}

/** A sink that draws when the sound is over. It keeps columns, never the sound. */
export function pictureSink<C extends Columns & { add(samples: Int16Array, channels: number): void }>(
  path: string,
  { name, begin, draw }: PictureMaker<C>,
): Sink<AudioFrame, SoundPictureResult> {
  return createSink<AudioFrame, SoundPictureResult>({
    name,
    accepts: { kind: 'audio' },
    external: true,
    open: () => {
      let columns: C | undefined;
      let sampleRate = 48_000;
      let resampler: Resampler | undefined;
      let gaps = 0;
      const take = (frame: AudioFrame) => {
        if (columns === undefined) ({ sampleRate } = frame);
        columns ??= begin(sampleRate);
        if (frame.gap !== undefined) {
          gaps++;
          columns.skip(microsToSamples(frame.gap.duration, sampleRate));
        }
        if (frame.sampleRate === sampleRate) columns.add(frame.samples, frame.channels);
        else {
          const { sampleRate: inputRate, channels } = frame;
          if (resampler?.inputRate !== inputRate || resampler.channels !== channels)
            resampler = new Resampler({ inputRate, outputRate: sampleRate, channels, quality: 'fast' });
          columns.add(resampler.process(frame.samples), channels);
        }
      };
      return {
        write(frame) {
          take(frame);
          frame.close();
        },
        async end() {
          const whole = columns ?? begin(sampleRate);
          const { canvas, plot } = draw(whole, sampleRate);
          await writePng(path, canvas);
          return { path, duration: samplesToMicros(whole.length, sampleRate), gaps, plot };
        },
      };
    },
  });
}

/** The columns that a pixel of a plot stands for. */
export function columnsAt(columns: Columns, x: number, width: number): readonly [from: number, end: number] {
  const each = columns.length / width / columns.span;
  const from = Math.floor(x * each);
  return [from, Math.max(from + 1, Math.ceil((x + 1) * each))];
}
