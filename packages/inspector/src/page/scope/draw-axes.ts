import { SPECTRUM_ROWS } from './spectrum.ts';
import { COLUMN_RATE, KEPT_COLUMNS, type Track } from './track.ts';

/** Where the parts of a drawing stand, in its pixels. */
export interface TrackPlaces {
  readonly column: number;
  readonly wave: number;
  readonly width: number;
  readonly height: number;
}

const FONT = '11px system-ui, sans-serif';
const OUTLINE = 3;
/** Room for a time below the drawing. */
export const AXIS = 18;
/** Frequencies that have a line, where the sound has them. */
const LINES_HZ = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
/** Lines nearer to each other than that cannot be read, in pixels. */
const LEAST_APART = 20;
/** Levels that have a line in the waveform. */
const LINES_DB = [-6, -20];

/** Colours of what is written, and of what it stands on. */
export interface AxisColours {
  readonly ink: string;
  readonly back: string;
}

/** Writes media time below, frequencies at the spectrogram, and levels at the waveform: lines, and the peak of the last second. */
export function drawAxes(
  context: CanvasRenderingContext2D,
  track: Pick<Track, 'columns' | 'rate'>,
  places: TrackPlaces,
  { ink, back }: AxisColours,
): void {
  const pen = new Pen(context);
  drawTimes(pen, track, places, ink, back);
  drawLevels(pen, places, ink, back);
  // On what goes from black to white, in light and in dark.
  if (track.rate > 0) drawFrequencies(pen, track.rate, places, '#fff', '#000');
  const level = levelOf(track);
  if (level !== undefined) pen.write(`peak ${level.toFixed(1)} dBFS`, 6, 13, ink, back);
}

/** Writes and draws as large as it is seen, however a canvas is stretched. */
class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly #x: number;
  readonly #y: number;

  constructor(context: CanvasRenderingContext2D) {
    const { canvas } = context;
    this.context = context;
    this.#x = canvas.clientWidth > 0 ? canvas.width / canvas.clientWidth : 1;
    this.#y = canvas.clientHeight > 0 ? canvas.height / canvas.clientHeight : 1;
    context.font = FONT;
  }

  /** In pixels of the canvas. */
  widthOf(text: string): number {
    return this.context.measureText(text).width * this.#x;
  }

  write(text: string, x: number, y: number, ink: string, back: string): void {
    const { context } = this;
    context.setTransform(this.#x, 0, 0, this.#y, x, y);
    context.lineWidth = OUTLINE;
    context.lineJoin = 'round';
    context.strokeStyle = back;
    context.strokeText(text, 0, 0);
    context.fillStyle = ink;
    context.fillText(text, 0, 0);
    context.resetTransform();
  }

  line(x: number, y: number, width: number, height: number, ink: string, alpha = 1): void {
    this.context.globalAlpha = alpha;
    this.context.fillStyle = ink;
    this.context.fillRect(x, y, width, height);
    this.context.globalAlpha = 1;
  }
}

/** The loudest sample of the last second, in dBFS; undefined for none, or silence. */
export function levelOf({ columns }: Pick<Track, 'columns'>): number | undefined {
  const last = columns.slice(-COLUMN_RATE).filter(({ gap }) => !gap);
  const peak = Math.max(0, ...last.map(({ low, high }) => Math.max(high, -low)));
  return peak === 0 ? undefined : 20 * Math.log10(peak);
}

/** Whole seconds of media time, and the columns at which they begin: behind a gap or a new epoch they go on as its frames say. */
export function secondsOf({
  columns,
}: Pick<Track, 'columns'>): readonly { readonly index: number; readonly second: number }[] {
  return columns.flatMap(({ timestamp, gap }, index) => {
    const before = columns[index - 1];
    const second = Math.floor(timestamp / 1e6);
    if (gap || before === undefined || Math.floor(before.timestamp / 1e6) === second) return [];
    return [{ index, second }];
  });
}

function drawTimes(
  pen: Pen,
  track: Pick<Track, 'columns'>,
  { column, width, height }: TrackPlaces,
  ink: string,
  back: string,
): void {
  const first = KEPT_COLUMNS - track.columns.length;
  let free = 0;
  for (const { index, second } of secondsOf(track)) {
    const x = column * (first + index);
    const text = writeSeconds(second);
    const end = x + 3 + pen.widthOf(text);
    pen.line(x, height, 1, 5, ink);
    if (x < free || end > width) continue;
    pen.write(text, x + 3, height + AXIS - 5, ink, back);
    free = end + 6;
  }
}

function drawLevels(pen: Pen, { wave, width }: TrackPlaces, ink: string, back: string): void {
  for (const db of LINES_DB) {
    const y = (wave / 2) * (1 - 10 ** (db / 20));
    const text = `${db} dB`;
    pen.line(0, y, width, 1, ink, 0.35);
    pen.write(text, width - pen.widthOf(text) - 6, y + 4, ink, back);
  }
}

function drawFrequencies(pen: Pen, rate: number, { wave, width }: TrackPlaces, ink: string, back: string): void {
  let free = wave + SPECTRUM_ROWS;
  for (const hz of LINES_HZ) {
    const y = wave + SPECTRUM_ROWS * (1 - hz / (rate / 2));
    if (y < wave + 10 || y > free) continue;
    pen.line(0, y, width, 1, ink, 0.4);
    pen.write(hz < 1_000 ? `${hz} Hz` : `${hz / 1_000} kHz`, 6, y - 2, ink, back);
    free = y - LEAST_APART;
  }
}

/** `1:05` */
function writeSeconds(second: number): string {
  return `${Math.floor(second / 60)}:${String(((second % 60) + 60) % 60).padStart(2, '0')}`;
}
