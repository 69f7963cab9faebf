import { channelRange, checkChannels } from '../audio-format.ts';
import { checkKeys } from '../check-keys.ts';
import { invalidArgument } from '../errors.ts';
import { toInt16 } from './int16.ts';
import { checkWholeFrames } from './whole-frames.ts';

/** Gains from inputs to outputs: one row for each output channel, one factor (1 is unchanged) for each input channel. */
export type RemixMatrix = readonly (readonly number[])[];

export interface RemixOptions {
  /** Input channels, 1 to 64. */
  readonly from: number;
  /** Output channels, 1 to 64. */
  readonly to: number;
  /** Default: `remixMatrix(from, to)`. */
  readonly matrix?: RemixMatrix | undefined;
}

type Speaker = 'L' | 'R' | 'C' | 'LFE' | 'Ls' | 'Rs' | 'Lb' | 'Rb';

/** Channel order of WAVE files, by channel count. */
const layouts: Readonly<Record<number, readonly Speaker[]>> = {
  1: ['C'],
  2: ['L', 'R'],
  3: ['L', 'R', 'C'],
  4: ['L', 'R', 'Ls', 'Rs'],
  5: ['L', 'R', 'C', 'Ls', 'Rs'],
  6: ['L', 'R', 'C', 'LFE', 'Ls', 'Rs'],
  8: ['L', 'R', 'C', 'LFE', 'Lb', 'Rb', 'Ls', 'Rs'],
};

/** Where a speaker goes that the output does not have; each step costs 3 dB. The LFE goes nowhere. */
const substitutes: Readonly<Record<Speaker, readonly Speaker[]>> = {
  C: ['L', 'R'],
  L: ['C'],
  R: ['C'],
  Ls: ['L'],
  Rs: ['R'],
  Lb: ['Ls'],
  Rb: ['Rs'],
  LFE: [],
};

/**
 * The default matrix. Layouts of 1 to 6 and 8 channels are mixed by the downmix of Recommendation ITU-R BS.775-3, annex
 * 4 (centre and surrounds at -3 dB into the channels beside them, LFE left out), each row scaled so that its gains sum
 * to at most 1 and nothing can clip; so stereo to mono is the mean. Mono goes to the centre, or unchanged to left and
 * right. Stereo goes to left and right of more channels. Other counts pass channel by channel, to mono by the mean.
 */
export function remixMatrix(from: number, to: number): number[][] {
  const inputs = layouts[from];
  const outputs = layouts[to];
  const matrix = Array.from({ length: to }, () => new Array<number>(from).fill(0));
  if (to === 1 && inputs === undefined) matrix[0]!.fill(1);
  else if (from === to || inputs === undefined || outputs === undefined)
    for (let channel = 0; channel < Math.min(from, to); channel++) matrix[channel]![channel] = 1;
  else if (from === 1 && !outputs.includes('C')) matrix[0]![0] = matrix[1]![0] = 1;
  else
    inputs.forEach((speaker, channel) => {
      place(matrix, outputs, speaker, channel, 1);
    });
  return matrix.map(limitToUnity);
}

function place(matrix: number[][], outputs: readonly Speaker[], speaker: Speaker, channel: number, gain: number): void {
  const output = outputs.indexOf(speaker);
  if (output >= 0) matrix[output]![channel]! += gain;
  else for (const substitute of substitutes[speaker]) place(matrix, outputs, substitute, channel, gain * Math.SQRT1_2);
}

function limitToUnity(row: number[]): number[] {
  const sum = row.reduce((total, gain) => total + gain, 0);
  return sum > 1 ? row.map((gain) => gain / sum) : row;
}

/**
 * A function that maps interleaved s16 samples from one channel count to another, rounded to nearest and clamped. Each
 * result is a fresh array that owns its buffer; the input is only read.
 */
export function createRemixer(options: RemixOptions): (input: Int16Array) => Int16Array {
  checkKeys<RemixOptions>('createRemixer', options, { from: true, to: true, matrix: true });
  const { from, to } = options;
  checkChannels(from, 'from');
  checkChannels(to, 'to');
  if (options.matrix === undefined && from === 1 && to === 2) return monoToStereo;
  if (options.matrix === undefined && from === 2 && to === 1) return stereoToMono;
  const matrix = options.matrix ?? remixMatrix(from, to);
  checkMatrix(matrix, from, to);
  const gains = Float64Array.from(matrix.flat());
  return (input) => {
    checkWholeFrames(input, from);
    return multiply(input, gains, from, to);
  };
}

/** Throws unless `matrix` has `to` rows of `from` finite numbers; of any number that is alike where `from` is unknown. */
export function checkMatrix(matrix: RemixMatrix, from: number | undefined, to: number, name = 'matrix'): void {
  if (!Array.isArray(matrix) || matrix.length !== to)
    throw invalidArgument(name, `one row for each of ${to} output channels`, matrix);
  const columns = from ?? matrix[0]?.length ?? 0;
  if (columns < channelRange.min || columns > channelRange.max)
    throw invalidArgument(name, `rows of ${channelRange.min} to ${channelRange.max} gains`, matrix);
  for (const row of matrix) {
    if (!Array.isArray(row) || row.length !== columns || !row.every(Number.isFinite))
      throw invalidArgument(name, `rows of ${columns} finite gains, one for each input channel`, matrix);
  }
}

function multiply(input: Int16Array, gains: Float64Array, from: number, to: number): Int16Array {
  const frames = input.length / from;
  const output = new Int16Array(frames * to);
  for (let frame = 0, read = 0, write = 0; frame < frames; frame++, read += from) {
    for (let row = 0; row < gains.length; row += from) {
      let sum = 0;
      for (let channel = 0; channel < from; channel++) sum += gains[row + channel]! * input[read + channel]!;
      output[write++] = toInt16(sum);
    }
  }
  return output;
}

function monoToStereo(input: Int16Array): Int16Array {
  const output = new Int16Array(input.length * 2);
  for (let i = 0; i < input.length; i++) output[2 * i] = output[2 * i + 1] = input[i]!;
  return output;
}

function stereoToMono(input: Int16Array): Int16Array {
  checkWholeFrames(input, 2);
  const output = new Int16Array(input.length / 2);
  for (let i = 0; i < output.length; i++) output[i] = (input[2 * i]! + input[2 * i + 1]! + 1) >> 1;
  return output;
}
