import { type AudioFrame, checkKeys, type Sink } from '@sluice/core';
import { SpectrumColumns } from '../kernels/spectrum-columns.ts';
import { checkNumber } from '../options/check-option.ts';
import { drawTick, drawTime } from './axes.ts';
import { Canvas, type PlotArea, type Rgb } from './canvas.ts';
import {
  checkSize,
  columnsAt,
  pictureSink,
  type SoundPictureOptions,
  type SoundPictureResult,
} from './picture-sink.ts';

/** How a spectrogram looks. */
export interface SpectrogramPictureOptions extends SoundPictureOptions {
  /** What is black, in dBFS, -160 to -20; 0 is the power of a sine at full scale. Default -100. */
  readonly floorDb?: number;
}

/** Where media is missing: a colour that no level has. */
const missing: Rgb = [0, 110, 90];
const stops: readonly Rgb[] = [
  [0, 0, 0],
  [70, 20, 120],
  [190, 50, 90],
  [250, 160, 50],
  [255, 255, 230],
];
/** How long a spectrum is, in seconds, rounded to a power of two samples. */
const LENGTH = 0.03;

/**
 * Draws the spectrogram of a sound of any length as a PNG: all channels together, time below, frequencies from 0 to half the rate
 * beside, and levels in dBFS as colours with their scale. What is missing from the stream (`frame.gap`) takes its time and is
 * green. Spectra are of about 30 ms under a Hann window, their mean where a pixel stands for more. The picture is written at
 * the end; until then the sink keeps columns, never the sound. A sound that changes its rate is drawn at the first one.
 * Latency: none, it ends here.
 *
 * `finished` rejects with `SLUICE_SOUND_PICTURE` where it cannot be written. A file of the same name is replaced.
 *
 * @example
 * ```ts
 * import { fromWavFile } from '@sluice/nodes';
 * import { toSpectrogramPicture } from '@sluice/plugin-sound';
 *
 * fromWavFile('speech.wav').subscribe(toSpectrogramPicture('speech.png', { width: 1600, height: 500 }));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range
 * @see toWaveformPicture
 */
export function toSpectrogramPicture(
  path: string,
  options: SpectrogramPictureOptions = {},
): Sink<AudioFrame, SoundPictureResult> {
  checkKeys<SpectrogramPictureOptions>('toSpectrogramPicture', options, { width: true, height: true, floorDb: true });
  const { width, height } = checkSize('toSpectrogramPicture', path, options);
  const { floorDb = -100 } = options;
  checkNumber('toSpectrogramPicture.floorDb', floorDb, { min: -160, max: -20, unit: 'dBFS' });
  const plot = { left: 58, top: 8, width: width - 138, height: height - 34 };
  return pictureSink(path, {
    name: 'toSpectrogramPicture',
    begin: (sampleRate) => new SpectrumColumns(2 * plot.width, 2 ** Math.round(Math.log2(LENGTH * sampleRate))),
    draw: (columns, sampleRate) => {
      const canvas = new Canvas(width, height);
      columns.finish();
      drawSpectra(canvas, plot, columns, floorDb);
      drawAxes(canvas, plot, sampleRate, floorDb);
      drawTime(canvas, plot, columns.length / sampleRate);
      return { canvas, plot };
    },
  });
}

function drawSpectra(canvas: Canvas, plot: PlotArea, columns: SpectrumColumns, floorDb: number): void {
  for (let x = 0; x < plot.width && columns.length > 0; x++) {
    const [from, end] = columnsAt(columns, x, plot.width);
    const gap = columns.missingIn(from, end);
    for (let y = 0; y < plot.height; y++) {
      const low = Math.floor(((plot.height - 1 - y) * columns.bins) / plot.height);
      const high = Math.max(low + 1, Math.floor(((plot.height - y) * columns.bins) / plot.height));
      const level = 1 - (10 * Math.log10(columns.power(from, end, low, high))) / floorDb;
      canvas.paint(plot.left + x, plot.top + y, gap ? missing : colorOf(level));
    }
  }
}

function drawAxes(canvas: Canvas, plot: PlotArea, sampleRate: number, floorDb: number): void {
  const kilohertz = sampleRate / 2_000;
  const step = [0.5, 1, 2, 5, 10, 20, 50, 100].find((one) => (one / kilohertz) * plot.height >= 24) ?? 200;
  for (let tick = 0; tick * step <= kilohertz; tick++) {
    const y = plot.top + Math.round((1 - (tick * step) / kilohertz) * (plot.height - 1));
    drawTick(canvas, plot, y, `${tick * step} kHz`);
  }
  const bar = { left: plot.left + plot.width + 12, top: plot.top, width: 12, height: plot.height };
  for (let y = 0; y < bar.height; y++)
    canvas.fill({ ...bar, top: bar.top + y, height: 1 }, colorOf(1 - y / (bar.height - 1)));
  for (let db = 0; db >= floorDb; db -= 20) {
    const y = bar.top + Math.round((db / floorDb) * (bar.height - 1));
    canvas.labels.push({ x: bar.left + bar.width + 5, y: y + 4, text: `${db} dB`, anchor: 'start' });
  }
}

/** The colour of a level from 0 to 1. */
function colorOf(level: number): Rgb {
  const place = Math.max(0, Math.min(1, level)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  const [from, to] = [stops[below]!, stops[below + 1]!];
  const mix = (channel: 0 | 1 | 2) => Math.round(from[channel] + (place - below) * (to[channel] - from[channel]));
  return [mix(0), mix(1), mix(2)];
}
