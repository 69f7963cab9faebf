import { checkKeys } from '../check-keys.ts';
import { invalidArgument } from '../errors.ts';
import { type AudioFormat, channelRange, checkChannels } from '../media/audio-format.ts';
import { channelSpeakers, type Speaker, sameChannelLayout } from '../media/channel-layout.ts';
import { toInt16 } from './int16.ts';
import { checkWholeFrames } from './whole-frames.ts';

/** Gains from inputs to outputs: one row for each output channel, one factor (1 is unchanged) for each input channel. */
export type RemixMatrix = readonly (readonly number[])[];

/** How channels are mapped to others by {@link remixMatrix}. */
export interface RemixOptions extends RemixMasks {
  /** Input channels, 1 to 64. */
  readonly from: number;
  /** Output channels, 1 to 64. */
  readonly to: number;
  /** Default: `remixMatrix(from, to)` for the masks. */
  readonly matrix?: RemixMatrix | undefined;
}

/**
 * Which speakers the channels are for, as masks (`channelMaskOf`). Default, also for a mask that has not a bit for each
 * channel: `defaultChannelMask` of their count.
 */
export interface RemixMasks {
  /** Of the channels that come in. */
  readonly fromMask?: number | undefined;
  /** Of the channels that go out. */
  readonly toMask?: number | undefined;
}

/**
 * Where a speaker goes that the output does not have: to the first choice that it has, else on from the last one; each
 * step costs 3 dB. The LFE goes nowhere.
 */
const substitutes: Readonly<Record<Speaker, readonly (readonly Speaker[])[]>> = {
  FL: [['FC']],
  FR: [['FC']],
  FC: [['FL', 'FR']],
  LFE: [],
  BL: [['BC'], ['SL'], ['FL']],
  BR: [['BC'], ['SR'], ['FR']],
  FLC: [['FL']],
  FRC: [['FR']],
  BC: [
    ['BL', 'BR'],
    ['SL', 'SR'],
  ],
  SL: [['BC'], ['FL']],
  SR: [['BC'], ['FR']],
  TC: [
    ['TFL', 'TFR'],
    ['FL', 'FR'],
  ],
  TFL: [['FL']],
  TFC: [['TFL', 'TFR'], ['FC']],
  TFR: [['FR']],
  TBL: [['BL'], ['SL'], ['FL']],
  TBC: [['TBL', 'TBR'], ['BC']],
  TBR: [['BR'], ['SR'], ['FR']],
};

/**
 * The default matrix, by the speakers that the channels are for: the downmix of Recommendation ITU-R BS.775-3, annex 4
 * (centre and surrounds at -3 dB into the channels beside them, LFE left out), and so on for speakers that it does not
 * know, each row scaled so that its gains sum to at most 1 and nothing can clip; so stereo to mono is the mean. A single
 * pair of surrounds is the same at the sides and in the back. Mono goes to the centre, or unchanged to left and right.
 * Stereo goes to left and right of more channels. Channels without known speakers, more than 8 mostly, pass one by one,
 * to mono by the mean.
 */
export function remixMatrix(from: number, to: number, { fromMask, toMask }: RemixMasks = {}): number[][] {
  const input = { sampleRate: 0, channels: from, channelMask: fromMask };
  const output = { sampleRate: 0, channels: to, channelMask: toMask };
  const [inputs, outputs] = [positions(input), positions(output)];
  const matrix = Array.from({ length: to }, () => new Array<number>(from).fill(0));
  if (to === 1 && inputs === undefined) matrix[0]!.fill(1);
  else if (inputs === undefined || outputs === undefined || sameChannelLayout(input, output))
    for (let channel = 0; channel < Math.min(from, to); channel++) matrix[channel]![channel] = 1;
  else if (from === 1 && !outputs.includes('FC') && outputs.includes('FL') && outputs.includes('FR'))
    matrix[outputs.indexOf('FL')]![0] = matrix[outputs.indexOf('FR')]![0] = 1;
  else
    inputs.forEach((speaker, channel) => {
      place(matrix, outputs, speaker, channel, 1);
      // No way leads there: better beside its place than lost.
      if (speaker !== 'LFE' && matrix.every((row) => row[channel] === 0))
        matrix[Math.min(channel, to - 1)]![channel] = 1;
    });
  return matrix.map(limitToUnity);
}

/** The speakers of the channels, where a single pair of surrounds is at the sides. */
function positions(format: AudioFormat): readonly Speaker[] | undefined {
  const list = channelSpeakers(format);
  if (list === undefined || list.includes('SL') || list.includes('SR')) return list;
  return list.map((speaker) => (speaker === 'BL' ? 'SL' : speaker === 'BR' ? 'SR' : speaker));
}

function place(
  matrix: number[][],
  outputs: readonly Speaker[],
  speaker: Speaker,
  channel: number,
  gain: number,
  tried: readonly Speaker[] = [],
): void {
  const output = outputs.indexOf(speaker);
  if (output >= 0) {
    matrix[output]![channel]! += gain;
    return;
  }
  const choices = substitutes[speaker];
  const choice = choices.find((list) => list.every((substitute) => outputs.includes(substitute))) ?? choices.at(-1);
  for (const substitute of choice ?? [])
    if (!tried.includes(substitute))
      place(matrix, outputs, substitute, channel, gain * Math.SQRT1_2, [...tried, speaker]);
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
  checkKeys<RemixOptions>('createRemixer', options, {
    from: true,
    to: true,
    fromMask: true,
    toMask: true,
    matrix: true,
  });
  const { from, to } = options;
  checkChannels(from, 'from');
  checkChannels(to, 'to');
  const matrix = options.matrix ?? remixMatrix(from, to, options);
  if (options.matrix === undefined && from === 1 && to === 2 && matrix.flat().every((gain) => gain === 1))
    return monoToStereo;
  if (options.matrix === undefined && from === 2 && to === 1 && matrix.flat().every((gain) => gain === 0.5))
    return stereoToMono;
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
