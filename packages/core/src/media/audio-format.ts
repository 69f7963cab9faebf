import { invalidArgument, outOfRange } from '../errors.ts';
import { channelSpeakers, sameChannelLayout } from './channel-layout.ts';

/** Sample rate in Hz and channel count of interleaved signed 16-bit audio. */
export interface AudioFormat {
  /** In Hz, an integer from 1,000 to 768,000. */
  readonly sampleRate: number;
  /** How many, 1 to 64; a sample of each in turn. */
  readonly channels: number;
  /** Which speakers the channels are meant for, a bit each (`channelMaskOf`). Default: `defaultChannelMask(channels)`. */
  readonly channelMask?: number | undefined;
}

/** The rates that frames may have, in Hz. */
export const sampleRateRange = { min: 1_000, max: 768_000 } as const;
/** The channel counts that frames may have. */
export const channelRange = { min: 1, max: 64 } as const;

/** Refuses a rate that is no integer number of Hz in range; `name` is the option that the message blames. */
export function checkSampleRate(sampleRate: number, name = 'sampleRate'): void {
  if (typeof sampleRate !== 'number' || !Number.isInteger(sampleRate))
    throw invalidArgument(name, 'an integer number of Hz', sampleRate);
  if (sampleRate < sampleRateRange.min || sampleRate > sampleRateRange.max)
    throw outOfRange(name, `${sampleRateRange.min} to ${sampleRateRange.max} Hz`, sampleRate);
}

/** Refuses a number of channels that is no integer in range; `name` is the option that the message blames. */
export function checkChannels(channels: number, name = 'channels'): void {
  if (typeof channels !== 'number' || !Number.isInteger(channels))
    throw invalidArgument(name, 'an integer number of channels', channels);
  if (channels < channelRange.min || channels > channelRange.max)
    throw outOfRange(name, `${channelRange.min} to ${channelRange.max} channels`, channels);
}

/** Whether rate and channel count are the same. Their speakers may differ: see `sameAudioStream`. */
export function sameAudioFormat(a: AudioFormat, b: AudioFormat): boolean {
  return a.sampleRate === b.sampleRate && a.channels === b.channels;
}

/** Whether frames of both can follow each other in one stream: of one rate, for the same speakers. */
export function sameAudioStream(a: AudioFormat, b: AudioFormat): boolean {
  return a.sampleRate === b.sampleRate && sameChannelLayout(a, b);
}

/** `s16 48000 Hz stereo`, as graphs and messages show it; with the speakers where they are not the usual ones. */
export function describeAudioFormat(format: AudioFormat): string {
  const { sampleRate, channels } = format;
  if (!sameChannelLayout(format, { channels }))
    return `s16 ${sampleRate} Hz ${channels} channels (${channelSpeakers(format)?.join(' ')})`;
  return `s16 ${sampleRate} Hz ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`}`;
}
