import { Canvas, type Color } from './canvas.ts';
import { textWidth } from './stroke-font.ts';

const background: Color = [255, 255, 255];
const panel: Color = [247, 249, 251];
const grid: Color = [223, 228, 234];
const ink: Color = [74, 85, 104];
const sentColor: Color = [13, 122, 138];
const receivedColor: Color = [196, 84, 26];

const WIDTH = 1600;
const PANEL_HEIGHT = 300;
const MARGIN = 40;
const GAP = 22;
const AXIS = 46;
const TEXT = 15;
/** A period of a low voice. */
const ENVELOPE_SECONDS = 0.01;

/** A stretch of time that is marked in one of the two rows. */
export interface Mark {
  readonly row: 0 | 1;
  /** In seconds. */
  readonly from: number;
  readonly to: number;
  readonly color: Color;
}

export interface WaveformsOptions {
  readonly labels?: readonly [above: string, below: string];
  readonly marks?: readonly Mark[];
}

/**
 * A picture of two waveforms, one above the other, on one time axis and at one scale: the peaks of each column of pixels
 * light, the RMS dark. Both are one channel at `sampleRate` and begin together.
 *
 * @returns a PNG file.
 */
export function drawWaveforms(
  sent: Int16Array,
  received: Int16Array,
  sampleRate: number,
  { labels = ['sent', 'received'], marks = [] }: WaveformsOptions = {},
): Buffer {
  const canvas = new Canvas(WIDTH, MARGIN + 2 * PANEL_HEIGHT + GAP + AXIS + 10, background);
  const length = Math.max(sent.length, received.length, 1);
  const tops = [MARGIN, MARGIN + PANEL_HEIGHT + GAP] as const;
  for (const top of tops) canvas.fill(MARGIN, top, WIDTH - MARGIN, top + PANEL_HEIGHT, panel);
  drawTimeAxis(canvas, length / sampleRate, tops);
  const xOf = (seconds: number) => MARGIN + ((seconds * sampleRate) / length) * (WIDTH - 2 * MARGIN);
  for (const { row, from, to, color } of marks)
    canvas.fill(xOf(from), tops[row], Math.max(xOf(to), xOf(from) + 1), tops[row] + PANEL_HEIGHT, color, 0.25);
  const loudest = Math.max(peakOf(sent), peakOf(received), 1);
  drawWave(canvas, { samples: sent, sampleRate, length, loudest }, tops[0], sentColor);
  drawWave(canvas, { samples: received, sampleRate, length, loudest }, tops[1], receivedColor);
  canvas.text(labels[0], MARGIN + 14, tops[0] + 14, TEXT, sentColor);
  canvas.text(labels[1], MARGIN + 14, tops[1] + 14, TEXT, receivedColor);
  return canvas.png();
}

interface Wave {
  readonly samples: Int16Array;
  readonly sampleRate: number;
  /** Samples that the whole width stands for. */
  readonly length: number;
  /** The peak that fills the height. */
  readonly loudest: number;
}

function drawWave(canvas: Canvas, { samples, sampleRate, length, loudest }: Wave, top: number, color: Color): void {
  const columns = WIDTH - 2 * MARGIN;
  const middle = top + PANEL_HEIGHT / 2;
  const scale = (0.92 * PANEL_HEIGHT) / 2 / loudest;
  canvas.fill(MARGIN, middle - 0.5, WIDTH - MARGIN, middle + 0.5, color, 0.35);
  const width = length / columns;
  // Unless single waves can be seen: at least a period of the voice, or a column would show where in it it is.
  const isFine = width < sampleRate / 1_000;
  const reach = (isFine ? width : Math.max(width, ENVELOPE_SECONDS * sampleRate)) / 2;
  for (let column = 0; column < columns; column++) {
    const center = (column + 0.5) * width;
    const part = samples.subarray(Math.max(0, Math.floor(center - reach)), Math.ceil(center + reach));
    if (part.length === 0) continue;
    let [low, high, energy] = [0, 0, 0];
    for (const sample of part) {
      low = Math.min(low, sample);
      high = Math.max(high, sample);
      energy += sample * sample;
    }
    const rms = Math.sqrt(energy / part.length) * scale;
    const x = MARGIN + column;
    canvas.fill(x, middle - high * scale, x + 1, middle - low * scale, color, isFine ? 0.8 : 0.45);
    if (!isFine) canvas.fill(x, middle - rms, x + 1, middle + rms, color, 0.8);
  }
}

/** Lines and seconds at round distances, about ten of them. */
function drawTimeAxis(canvas: Canvas, seconds: number, tops: readonly number[]): void {
  const step = roundStep(seconds / 10);
  const bottom = tops.at(-1)! + PANEL_HEIGHT;
  const digits = step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3;
  for (let index = 0; index * step <= seconds * 1.0001; index++) {
    const x = MARGIN + ((index * step) / seconds) * (WIDTH - 2 * MARGIN);
    for (const top of tops) canvas.fill(x - 0.5, top, x + 0.5, top + PANEL_HEIGHT, grid);
    canvas.fill(x - 0.5, bottom, x + 0.5, bottom + 8, ink);
    const label = `${(index * step).toFixed(digits)} s`;
    const width = textWidth(label, TEXT);
    const left = Math.max(4, Math.min(WIDTH - width - 4, x - width / 2));
    canvas.text(label, left, bottom + 18, TEXT, ink);
  }
  canvas.fill(MARGIN, bottom, WIDTH - MARGIN, bottom + 1, ink);
}

/** The smallest of 1, 2, 5, 10, ... (and their parts) that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least * 0.999) ?? 10);
}

function peakOf(samples: Int16Array): number {
  return samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}
