// Sound out of containers and into them, in JavaScript: PCM and G.711.

import {
  type ActorContext,
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  invalidArgument,
  outOfRange,
  pullSource,
  type Source,
} from '@sluice/core';
import { type ContainerInput, checkInput } from './input/container-input.ts';
import { PlayedTrack } from './reading/played-track.ts';
import { SoundFrames } from './reading/sound-frames.ts';
import { openSoundTrack } from './reading/sound-track.ts';

/** Format and part of what {@link fromContainer} plays. */
export interface FromContainerOptions {
  /** Which track of sound, from 0, as `describeContainer` counts them. Default 0. */
  readonly track?: number;
  /** Hz. Default: the file's. */
  readonly sampleRate?: number;
  /** Default: the file's. */
  readonly channels?: number;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number;
  /** Where to start, in milliseconds, exact to the sample. Default 0. */
  readonly startMs?: number;
  /** How much is played, in milliseconds, exact to the sample. Default: to the end. */
  readonly durationMs?: number;
  /**
   * How often the part is played, one time after the other without a break, to the sample; Infinity: until it is left. Of a
   * stream: 1. Default 1.
   */
  readonly times?: number;
}

/**
 * Reads PCM and G.711 out of WAV (RF64 too), MP4, MOV, Matroska and WebM, without a program and without anything native. Other
 * codecs are refused by name (`SLUICE_CONTAINER_CODEC`), unless a decoder for them is registered with mediabunny
 * (`registerDecoder`) or stands in `globalThis.AudioDecoder`.
 *
 * It is read as fast as it is taken, in pieces, however long it is. Timestamps count from 0, also with `startMs`; the zero of a
 * file is the first moment of anything in it. Time that a file leaves out is a `gap` of reason `source`; times that are coarser
 * than samples, as in Matroska, are believed when they are off by more than 40 ms. More than 16 bits are rounded.
 *
 * Errors: `SLUICE_CONTAINER_READ`, `SLUICE_CONTAINER_FORMAT`, `SLUICE_CONTAINER_CODEC`. Reported: `SLUICE_CONTAINER_DAMAGED`
 * when there is less sound than was announced, and `SLUICE_SAMPLES_INVALID`.
 *
 * @param input - A path, a URL of `file:`, `http:` or `https:` (read by ranges where the server gives them), bytes, or a stream of
 * them (of Node or of the web), which can be read once and whose index has to stand first.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const player = graph('player');
 * player.from(fromContainer('call.mkv', { startMs: 1_500 })).to(toWavFile('call.wav'));
 * await player.run();
 */
export function fromContainer(input: ContainerInput, options: FromContainerOptions = {}): Source<AudioFrame> {
  checkKeys<FromContainerOptions>('fromContainer', options, {
    track: true,
    sampleRate: true,
    channels: true,
    frameMs: true,
    startMs: true,
    durationMs: true,
    times: true,
  });
  const { track = 0, sampleRate, channels, frameMs = 20, startMs = 0, durationMs, times = 1 } = options;
  const checked = checkInput(input);
  if (!Number.isInteger(track) || track < 0) throw outOfRange('track', '0 or more, whole', track);
  if (sampleRate !== undefined) checkSampleRate(sampleRate);
  if (channels !== undefined) checkChannels(channels);
  checkMilliseconds(frameMs, startMs, durationMs);
  checkTimes(times, checked.repeatable);

  const formatOf = (own: { readonly sampleRate: number; readonly channels: number }) => ({
    sampleRate: sampleRate ?? own.sampleRate,
    channels: channels ?? own.channels,
  });
  const prepare = async () => {
    const opened = await openSoundTrack(checked, track);
    await opened.close();
    return { kind: 'audio', ...formatOf(opened) } as const;
  };
  const open = async (context: ActorContext) => {
    const opened = await openSoundTrack(checked, track);
    const played = new PlayedTrack(opened, { startMs, durationMs, times }, context);
    return new SoundFrames(played, formatOf(opened), frameMs);
  };
  return pullSource({ name: 'fromContainer', ...(checked.repeatable && { prepare }) }, open);
}

function checkMilliseconds(frameMs: number, startMs: number, durationMs: number | undefined): void {
  if (!(frameMs >= 1 && frameMs <= 1_000)) throw outOfRange('frameMs', '1 to 1,000 ms', frameMs);
  if (!(startMs >= 0 && startMs < 1e9)) throw outOfRange('startMs', '0 to 1e9 ms', startMs);
  if (durationMs !== undefined && !(durationMs > 0 && durationMs < 1e9))
    throw outOfRange('durationMs', 'more than 0, to 1e9 ms', durationMs);
}

function checkTimes(times: number, repeatable: boolean): void {
  if (typeof times !== 'number') throw invalidArgument('times', 'a number', times);
  if (times !== Number.POSITIVE_INFINITY && !(Number.isInteger(times) && times >= 1))
    throw outOfRange('times', '1 or more, whole, or Infinity', times);
  if (times !== 1 && !repeatable) throw outOfRange('times', '1 for a stream, which can be read once', times);
}
