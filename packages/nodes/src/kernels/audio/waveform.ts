import { hash32, unitNoise } from './noise.ts';

/** Waveforms of `fromTone`. */
export const waveforms = ['sine', 'square', 'sweep', 'white', 'pink'] as const;
/** What `fromTone` plays: `white` and `pink` are noise, `sweep` goes from one frequency to another, over and over. */
export type Waveform = (typeof waveforms)[number];

export interface WaveformSettings {
  readonly waveform: Waveform;
  readonly sampleRate: number;
  readonly channels: number;
  /** Peak, in units of a 16-bit sample. */
  readonly peak: number;
  /** Hz; where a sweep begins. */
  readonly frequency: number;
  /** Hz; where a sweep ends. */
  readonly endFrequency: number;
  /** Samples of one sweep. */
  readonly sweepLength: number;
  readonly seed: number;
}

/** Writes the samples from index `first` on into interleaved `out`. What a sample is depends on its index alone. */
export type WaveformKernel = (out: Int16Array, first: number) => void;

export function waveformKernel(settings: WaveformSettings): WaveformKernel {
  const { waveform, sampleRate, channels, peak, frequency } = settings;
  switch (waveform) {
    case 'sine':
      return repeated(settings, sine(settings));
    case 'square':
      return perSample(channels, (index) => (cycles(index, frequency, sampleRate) < 0.5 ? peak : -peak));
    case 'sweep':
      return sweep(settings);
    case 'white':
      return (out, first) => {
        for (let i = 0; i < out.length; i++) out[i] = Math.round(peak * unitNoise(settings.seed, first * channels + i));
      };
    case 'pink':
      return pink(settings);
  }
}

/** Samples of a tone that are kept rather than computed anew, at most: 440 Hz at 48 kHz comes back after 1,200. */
const MOST_KEPT = 4_800;

/** What `kernel` writes, computed once where the same comes again after few samples. */
function repeated({ sampleRate, channels, frequency }: WaveformSettings, kernel: WaveformKernel): WaveformKernel {
  if (!Number.isInteger(frequency)) return kernel;
  const period = sampleRate / greatestCommonDivisor(sampleRate, frequency);
  if (period > MOST_KEPT) return kernel;
  const kept = new Int16Array(period * channels);
  kernel(kept, 0);
  return (out, first) => {
    let from = (first % period) * channels;
    for (let at = 0; at < out.length; from = 0) {
      const piece = kept.subarray(from, from + out.length - at);
      out.set(piece, at);
      at += piece.length;
    }
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The phase at a sample index as a part of one cycle, 0 to 1. Exact after hours for whole frequencies. */
function cycles(index: number, frequency: number, sampleRate: number): number {
  return ((index * frequency) % sampleRate) / sampleRate;
}

function perSample(channels: number, value: (index: number) => number): WaveformKernel {
  return (out, first) => {
    for (let at = 0, index = first; at < out.length; at += channels, index++)
      out.fill(Math.round(value(index)), at, at + channels);
  };
}

/**
 * Two sines and cosines per call, from the exact phase; a rotation from sample to sample between. Samples of even and odd
 * index turn by themselves: one rotation after the other would leave the processor waiting for each.
 */
function sine({ sampleRate, channels, peak, frequency }: WaveformSettings): WaveformKernel {
  const step = (2 * Math.PI * frequency) / sampleRate;
  const turnCos = Math.cos(2 * step);
  const turnSin = Math.sin(2 * step);
  return (out, first) => {
    const phase = 2 * Math.PI * cycles(first, frequency, sampleRate);
    let re = peak * Math.cos(phase);
    let im = peak * Math.sin(phase);
    let oddRe = peak * Math.cos(phase + step);
    let oddIm = peak * Math.sin(phase + step);
    let at = 0;
    for (; at + 2 * channels <= out.length; at += 2 * channels) {
      const even = Math.floor(im + 0.5);
      const odd = Math.floor(oddIm + 0.5);
      for (let channel = 0; channel < channels; channel++) {
        out[at + channel] = even;
        out[at + channels + channel] = odd;
      }
      const next = re * turnCos - im * turnSin;
      im = re * turnSin + im * turnCos;
      re = next;
      const nextOdd = oddRe * turnCos - oddIm * turnSin;
      oddIm = oddRe * turnSin + oddIm * turnCos;
      oddRe = nextOdd;
    }
    out.fill(Math.floor(im + 0.5), at);
  };
}

/** An exponential sweep, equally long in every octave, that starts again without a jump in phase. */
function sweep(settings: WaveformSettings): WaveformKernel {
  const { sampleRate, channels, peak, frequency, endFrequency, sweepLength } = settings;
  const ratio = Math.log(endFrequency / frequency);
  const scale = ratio === 0 ? 0 : (frequency * sweepLength) / sampleRate / ratio;
  const perSweep = scale * Math.expm1(ratio);
  return perSample(channels, (index) => {
    if (ratio === 0) return peak * Math.sin(2 * Math.PI * cycles(index, frequency, sampleRate));
    const within = index % sweepLength;
    const turns = ((index - within) / sweepLength) * perSweep + scale * Math.expm1((ratio * within) / sweepLength);
    return peak * Math.sin(2 * Math.PI * (turns % 1));
  });
}

/** Rows of noise, each half as fast as the one before, added up: 3 dB less per octave. */
const PINK_ROWS = 16;

function pink({ channels, peak, seed }: WaveformSettings): WaveformKernel {
  const seeds = Array.from({ length: PINK_ROWS * channels }, (_, i) => hash32(seed + i, 0x70696e6b));
  const rows = new Float64Array(PINK_ROWS);
  return (out, first) => {
    for (let channel = 0; channel < channels; channel++) {
      const rowSeed = (row: number) => seeds[channel * PINK_ROWS + row]!;
      let sum = 0;
      for (let row = 0; row < PINK_ROWS; row++) {
        rows[row] = unitNoise(rowSeed(row), Math.floor(first / 2 ** row));
        sum += rows[row]!;
      }
      for (let at = channel, index = first; at < out.length; at += channels) {
        out[at] = Math.round((peak * sum) / PINK_ROWS);
        index++;
        // Row k has a new value where the index is a multiple of 2 ** k: two rows a sample on average.
        for (let row = 0, step = 1; row < PINK_ROWS && index % step === 0; row++, step *= 2) {
          sum -= rows[row]!;
          rows[row] = unitNoise(rowSeed(row), index / step);
          sum += rows[row]!;
        }
      }
    }
  };
}
