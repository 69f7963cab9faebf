import { spectrumOf } from './spectrum.ts';

const WIDTH = 1_000;
const WAVE = 200;
const BANDS = 256;
/** The softest that is seen, in dBFS. */
const FLOOR_DB = -100;

/** RGB, 8 bits each, line by line. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Draws one channel: its waveform above, its spectrogram below, low frequencies at the bottom. */
export function soundPicture(samples: Int16Array): Picture {
  const height = WAVE + BANDS;
  const pixels = new Uint8Array(WIDTH * height * 3).fill(16);
  const paint = (x: number, y: number, color: readonly number[]) => pixels.set(color, (y * WIDTH + x) * 3);
  for (let x = 0; x < WIDTH; x++) {
    const from = Math.floor((x * samples.length) / WIDTH);
    const to = Math.max(from + 1, Math.floor(((x + 1) * samples.length) / WIDTH));
    const [low, high] = extent(samples, from, to);
    for (let y = lineOf(high); y <= lineOf(low); y++) paint(x, y, [90, 200, 250]);
    const bands = spectrumOf(samples, Math.round((from + to) / 2) - BANDS, 2 * BANDS);
    for (let band = 0; band < BANDS; band++) paint(x, height - 1 - band, heat(bands[band]!));
  }
  return { width: WIDTH, height, pixels };
}

function extent(samples: Int16Array, from: number, to: number): readonly [number, number] {
  let low = 0;
  let high = 0;
  for (let at = from; at < to; at++) {
    low = Math.min(low, samples[at] ?? 0);
    high = Math.max(high, samples[at] ?? 0);
  }
  return [low, high];
}

function lineOf(sample: number): number {
  return Math.round((1 - sample / 32_768) * ((WAVE - 1) / 2));
}

/** Black over violet and orange to white, by decibels. */
function heat(power: number): readonly number[] {
  const level = Math.min(1, Math.max(0, 1 - (10 * Math.log10(power + 1e-20)) / FLOOR_DB));
  return [
    Math.min(255, 380 * level),
    Math.max(0, 510 * (level - 0.5)),
    255 * Math.abs(Math.sin(Math.PI * level * 1.25)),
  ];
}
