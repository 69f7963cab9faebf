import { type AudioFrame, checkKeys, type Sink } from '@sluice/core';
import { WaveColumns } from '../kernels/wave-columns.ts';
import { drawLine, drawTick, drawTime } from './axes.ts';
import { Canvas, type PlotArea, type Rgb } from './canvas.ts';
import {
  checkSize,
  columnsAt,
  pictureSink,
  type SoundPictureOptions,
  type SoundPictureResult,
} from './picture-sink.ts';

const wave: Rgb = [90, 200, 250];
/** Where media is missing. */
const missing: Rgb = [150, 40, 50];
const ticksDb = [0, -6, -12, -24] as const;

/**
 * Draws the waveform of a sound of any length as a PNG: the lowest and highest sample of all channels for each pixel, time below,
 * levels in dBFS beside. What is missing from the stream (`frame.gap`) takes its time and is red. The picture is written at the
 * end; until then the sink keeps two columns for each pixel, never the sound. A sound that changes its rate is drawn at the
 * first one. Latency: none, it ends here.
 *
 * `finished` rejects with `SLUICE_SOUND_PICTURE` where it cannot be written. A file of the same name is replaced.
 *
 * @example
 * ```ts
 * import { fromWavFile } from '@sluice/nodes';
 * import { toWaveformPicture } from '@sluice/plugin-sound';
 *
 * const picture = toWaveformPicture('speech.png');
 * fromWavFile('speech.wav').subscribe(picture);
 * await picture.finished;
 * ```
 * @throws TypeError, RangeError at once for a size that is none
 * @see toSpectrogramPicture
 */
export function toWaveformPicture(
  path: string,
  options: SoundPictureOptions = {},
): Sink<AudioFrame, SoundPictureResult> {
  checkKeys<SoundPictureOptions>('toWaveformPicture', options, { width: true, height: true });
  const { width, height } = checkSize('toWaveformPicture', path, options);
  const plot = { left: 52, top: 8, width: width - 80, height: height - 34 };
  return pictureSink(path, {
    name: 'toWaveformPicture',
    begin: () => new WaveColumns(2 * plot.width),
    draw: (columns, sampleRate) => ({ canvas: draw(new Canvas(width, height), plot, columns, sampleRate), plot }),
  });
}

function draw(canvas: Canvas, plot: PlotArea, columns: WaveColumns, sampleRate: number): Canvas {
  const line = (level: number) => plot.top + Math.round(((1 - level) / 2) * (plot.height - 1));
  for (const db of ticksDb) {
    const level = 10 ** (db / 20);
    for (const one of [level, -level]) drawLine(canvas, plot, line(one));
    drawTick(canvas, plot, line(level), `${db} dB`);
  }
  for (let x = 0; x < plot.width && columns.length > 0; x++) {
    const [from, end] = columnsAt(columns, x, plot.width);
    const column = { left: plot.left + x, top: plot.top, width: 1, height: plot.height };
    if (columns.missingIn(from, end)) canvas.fill(column, missing);
    const [lowest, highest] = columns.extent(from, end);
    const top = line(highest / 32_768);
    if (!columns.missingIn(from, end) || highest > lowest)
      canvas.fill({ ...column, top, height: line(lowest / 32_768) - top + 1 }, wave);
  }
  drawTime(canvas, plot, columns.length / sampleRate);
  return canvas;
}
