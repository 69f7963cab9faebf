// Sound into a file of any form that ffmpeg writes.

import type { Writable } from 'node:stream';
import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  createSink,
  type Sink,
  type SinkWriter,
} from '@sluice/core';
import { checkNames } from '../program/check-names.ts';
import { EncoderProcess } from './encoder-process.ts';
import { checkOnProgress, type OnProgress, reporting } from './encoding-progress.ts';
import { LivePace } from './live-pace.ts';
import { checkBitrate, codingOf, mediaTarget } from './media-output.ts';
import { SoundBytes, type SoundCounts } from './sound-bytes.ts';

/** Form of the file that {@link toMedia} writes. */
export interface ToMediaOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number;
  /** Default 2. */
  readonly channels?: number;
  /** ffmpeg's name of an encoder: `libopus`, `aac`, `flac`. Default: by the container. */
  readonly codec?: string;
  /** ffmpeg's name of a container: `mp3`, `ogg`, `matroska`. Default: by the ending of the name; a stream has none. */
  readonly container?: string;
  /** Kilobits per second, of codecs that lose something. Default: the encoder's. */
  readonly bitrateKbps?: number;
  /** Told how far the encoder is, twice a second and at the end; what it throws is reported. */
  readonly onProgress?: OnProgress;
  /** What is run. Default `ffmpeg`, looked for on the PATH. */
  readonly program?: string;
}

/** What `toMedia` has written. */
export interface MediaFileResult extends SoundCounts {
  /** As it was given; undefined for a stream, live or of Node. */
  readonly path: string | undefined;
}

/**
 * Writes sound into a file of any container and codec that ffmpeg writes; a file of that name is overwritten. Holds the graph back
 * while ffmpeg does not keep up. What is missing from the stream (`frame.gap`) is silence in the file. A graph converts rate
 * and channels.
 *
 * `finished` resolves when ffmpeg has finished the file. After an abort the file is finished with what ffmpeg was given, if it does
 * that within 2 s; then it is killed. Rejects with `SLUICE_FFMPEG_MISSING`, and with `SLUICE_FFMPEG_WRITE` when ffmpeg fails or
 * complains: a full disk, a codec that the container does not take.
 *
 * Into a stream goes what can be written from front to back (`mp3`, `ogg`, `webm`, `adts`; MP4 cannot), packet by packet, as fast as it
 * takes that; `finished` resolves when it has all. It is ended, or destroyed where this failed, so that nobody takes half for the whole.
 *
 * To the address of a live stream it goes as fast as it comes, which has to be in the time that it lasts (`pace()`), as AAC by default; a connection that breaks is an error. Messages have its scheme and host only.
 *
 * @param output - A path, a `file:` URL, the address of a live stream (`rtmp:`, `rtmps:`, `srt:`, `udp:`, `rtsp:`), or a stream of Node, for which
 * `container` has to be told: a file, an answer to a request.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const recorder = graph('recorder');
 * recorder.from(fromTone({ duration: 2 })).to(toMedia('tone.opus', { bitrateKbps: 64 }));
 * await recorder.run();
 */
export function toMedia(
  output: string | URL | Writable,
  options: ToMediaOptions = {},
): Sink<AudioFrame, MediaFileResult> {
  checkKeys<ToMediaOptions>('toMedia', options, {
    sampleRate: true,
    channels: true,
    codec: true,
    container: true,
    bitrateKbps: true,
    onProgress: true,
    program: true,
  });
  const { sampleRate = 48_000, channels = 2, codec, container, bitrateKbps, onProgress, program = 'ffmpeg' } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  checkNames('toMedia', { codec, container, program });
  checkBitrate('toMedia.bitrateKbps', bitrateKbps, 10_000);
  checkOnProgress('toMedia.onProgress', onProgress);
  const target = mediaTarget(output, container);
  const reading = ['-hide_banner', '-v', 'error', '-f', 's16le', '-ar', `${sampleRate}`, '-ac', `${channels}`];
  const args = [...reading, '-i', 'pipe:0', ...codingOf('a', codec, bitrateKbps, target)];
  const pace = target.live ? new LivePace() : undefined;
  return createSink<AudioFrame, MediaFileResult>({
    name: 'toMedia',
    problems: () => pace?.problems ?? [],
    accepts: { kind: 'audio', sampleRate, channels },
    external: true,
    open: (context) => {
      const encoder = new EncoderProcess(program, args, target, reporting(onProgress, context));
      return new MediaWriter(encoder, target.path, { sampleRate, channels }, pace);
    },
  });
}

class MediaWriter implements SinkWriter<AudioFrame, MediaFileResult> {
  readonly #encoder: EncoderProcess;
  readonly #path: string | undefined;
  readonly #sound: SoundBytes;

  constructor(
    encoder: EncoderProcess,
    path: string | undefined,
    format: { readonly sampleRate: number; readonly channels: number },
    pace: LivePace | undefined,
  ) {
    this.#encoder = encoder;
    this.#path = path;
    this.#sound = new SoundBytes(format, (bytes, sample) => {
      pace?.wrote((sample * 1_000) / format.sampleRate);
      return encoder.write(bytes);
    });
  }

  write(frame: AudioFrame): void | Promise<void> {
    return this.#sound.write(frame);
  }

  async end(): Promise<MediaFileResult> {
    await this.#encoder.end();
    return { path: this.#path, ...this.#sound.counts };
  }

  abort(): Promise<void> {
    return this.#encoder.abort();
  }
}
