import { AXIS, drawAxes } from './draw-axes.ts';
import { SPECTRUM_ROWS } from './spectrum.ts';
import { COLUMN_RATE, KEPT_COLUMNS, type Track, type TrackColumn } from './track.ts';

/** Colours of a drawing, from the page's own. */
export interface TrackColours {
  readonly back: string;
  readonly wave: string;
  readonly gap: string;
  readonly epoch: string;
  readonly line: string;
  /** Of what is written. */
  readonly ink: string;
}

/** Heights of waveform and spectrogram. Each column is two pixels wide. */
const WAVE = 120;
const COLUMN = 2;
export const TRACK_WIDTH = COLUMN * KEPT_COLUMNS;
const HEIGHT = WAVE + SPECTRUM_ROWS;
export const TRACK_HEIGHT = HEIGHT + AXIS;

/**
 * Draws the last ten seconds, the newest at the right: waveform above, spectrogram below, with media time, levels and frequencies.
 * `until`: the media time at the right, in microseconds.
 */
export function drawTrack(canvas: HTMLCanvasElement, whole: Track, colours: TrackColours, until = Infinity): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const track = { rate: whole.rate, columns: whole.columns.filter(({ timestamp }) => timestamp <= until) };
  context.fillStyle = colours.back;
  context.fillRect(0, 0, TRACK_WIDTH, TRACK_HEIGHT);
  drawSeconds(context, colours.line);
  const first = KEPT_COLUMNS - track.columns.length;
  for (const [index, column] of track.columns.entries()) {
    const x = COLUMN * (first + index);
    if (column.gap) drawGap(context, x, colours.gap);
    else drawWave(context, x, column, colours.wave);
  }
  drawSpectrogram(context, track);
  for (const [index, { epoch }] of track.columns.entries())
    if (epoch !== undefined) drawEpoch(context, COLUMN * (first + index), epoch, colours.epoch);
  drawAxes(context, track, { column: COLUMN, wave: WAVE, width: TRACK_WIDTH, height: HEIGHT }, colours);
}

function drawSeconds(context: CanvasRenderingContext2D, line: string): void {
  context.fillStyle = line;
  for (let second = 1; second < KEPT_COLUMNS / COLUMN_RATE; second++)
    context.fillRect(TRACK_WIDTH - second * COLUMN * COLUMN_RATE, 0, 1, WAVE);
  context.fillRect(0, WAVE / 2, TRACK_WIDTH, 1);
}

function drawWave(context: CanvasRenderingContext2D, x: number, { low, high }: TrackColumn, wave: string): void {
  const top = (WAVE / 2) * (1 - high);
  const bottom = (WAVE / 2) * (1 - low);
  context.fillStyle = wave;
  context.fillRect(x, top, COLUMN, Math.max(1, bottom - top));
}

function drawGap(context: CanvasRenderingContext2D, x: number, gap: string): void {
  context.fillStyle = gap;
  context.fillRect(x, 0, COLUMN, WAVE);
}

function drawEpoch(context: CanvasRenderingContext2D, x: number, epoch: number, colour: string): void {
  context.fillStyle = colour;
  context.fillRect(x, 0, 2, HEIGHT);
  context.font = '12px system-ui, sans-serif';
  const text = `epoch ${epoch}`;
  context.fillText(text, Math.min(x + 5, TRACK_WIDTH - context.measureText(text).width - 4), 13);
}

function drawSpectrogram(context: CanvasRenderingContext2D, { columns }: Pick<Track, 'columns'>): void {
  if (!columns.some(({ spectrum }) => spectrum !== undefined)) return;
  // As dark as silence where nothing has come yet: what is written there is white.
  context.fillStyle = '#000';
  context.fillRect(0, WAVE, TRACK_WIDTH, SPECTRUM_ROWS);
  const image = context.createImageData(KEPT_COLUMNS, SPECTRUM_ROWS);
  const first = KEPT_COLUMNS - columns.length;
  for (const [index, { spectrum, gap }] of columns.entries())
    for (let row = 0; row < SPECTRUM_ROWS; row++) {
      const at = 4 * ((SPECTRUM_ROWS - 1 - row) * KEPT_COLUMNS + first + index);
      paint(image.data, at, gap ? undefined : (spectrum?.[row] ?? 0));
    }
  const small = new OffscreenCanvas(KEPT_COLUMNS, SPECTRUM_ROWS);
  small.getContext('2d')?.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, WAVE, TRACK_WIDTH, SPECTRUM_ROWS);
}

/** From black over violet and orange to white; a gap is grey. */
function paint(data: Uint8ClampedArray, at: number, loudness: number | undefined): void {
  const value = (loudness ?? 0) / 255;
  data[at] = loudness === undefined ? 110 : 255 * Math.min(1, 1.9 * value);
  data[at + 1] = loudness === undefined ? 110 : 255 * Math.max(0, 2.2 * value - 1);
  data[at + 2] =
    loudness === undefined
      ? 110
      : 255 * (value < 0.5 ? 1.1 * value : Math.max(0.55 - 2 * (value - 0.5), 3 * value - 2));
  data[at + 3] = 255;
}
