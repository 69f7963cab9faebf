// Sound into a file of any form that ffmpeg writes.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  createSink,
  invalidArgument,
  type Micros,
  microsToSamples,
  outOfRange,
  type Sink,
  type SinkWriter,
  samplesToMicros,
} from '@sluice/core';
import { EncoderProcess } from './encoder-process.ts';

/** Form of the file that {@link toMedia} writes. */
export interface ToMediaOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number;
  /** Default 2. */
  readonly channels?: number;
  /** ffmpeg's name of an encoder: `libopus`, `aac`, `flac`. Default: by the container. */
  readonly codec?: string;
  /** ffmpeg's name of a container: `mp3`, `ogg`, `matroska`. Default: by the ending of the name. */
  readonly container?: string;
  /** Kilobits per second, of codecs that lose something. Default: the encoder's. */
  readonly bitrateKbps?: number;
  /** What is run. Default `ffmpeg`, looked for on the PATH. */
  readonly program?: string;
}

/** What `toMedia` has written. */
export interface MediaFileResult {
  /** As it was given. */
  readonly path: string;
  /** Samples per channel that went to the encoder. */
  readonly samples: number;
  /** Their length in microseconds. */
  readonly duration: Micros;
  /** Of that, silence that stands for what was missing, in microseconds. */
  readonly silence: Micros;
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
 * @param output - A path or a `file:` URL.
 * @throws TypeError or RangeError at once for arguments that are not valid
 * @example
 * const recorder = graph('recorder');
 * recorder.from(fromTone({ duration: 2 })).to(toMedia('tone.opus', { bitrateKbps: 64 }));
 * await recorder.run();
 */
export function toMedia(output: string | URL, options: ToMediaOptions = {}): Sink<AudioFrame, MediaFileResult> {
  checkKeys<ToMediaOptions>('toMedia', options, {
    sampleRate: true,
    channels: true,
    codec: true,
    container: true,
    bitrateKbps: true,
    program: true,
  });
  const { sampleRate = 48_000, channels = 2, codec, container, bitrateKbps, program = 'ffmpeg' } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  for (const [name, value] of Object.entries({ codec, container, program }))
    if (value !== undefined && (typeof value !== 'string' || !/^[^-\0]/.test(value)))
      throw invalidArgument(`toMedia.${name}`, 'a name that does not begin with a hyphen', value);
  if (bitrateKbps !== undefined && !(bitrateKbps >= 1 && bitrateKbps <= 10_000))
    throw outOfRange('toMedia.bitrateKbps', '1 to 10,000', bitrateKbps);
  const path = outputPath(output);
  const reading = ['-hide_banner', '-v', 'error', '-f', 's16le', '-ar', `${sampleRate}`, '-ac', `${channels}`];
  const coding = [
    ...(codec === undefined ? [] : ['-c:a', codec]),
    ...(bitrateKbps === undefined ? [] : ['-b:a', `${bitrateKbps}k`]),
    ...(container === undefined ? [] : ['-f', container]),
  ];
  const args = [...reading, '-i', 'pipe:0', ...coding, '-flush_packets', '1', '-y', `file:${path}`];
  return createSink<AudioFrame, MediaFileResult>({
    name: 'toMedia',
    accepts: { kind: 'audio', sampleRate, channels },
    external: true,
    open: () => new MediaWriter(new EncoderProcess(program, args, path), path, sampleRate, channels),
  });
}

function outputPath(output: string | URL): string {
  const text = output instanceof URL ? output.href : output;
  if (typeof text !== 'string' || text === '' || text.startsWith('-') || text.includes('\0'))
    throw invalidArgument('output', 'a path that does not begin with a hyphen (./-name), or a file: URL', output);
  if (/^file:/i.test(text)) return fileURLToPath(text);
  if (/^[a-z][a-z0-9+.-]+:/i.test(text)) throw invalidArgument('output', 'a path or a file: URL', text.split(':')[0]);
  return resolve(text);
}

class MediaWriter implements SinkWriter<AudioFrame, MediaFileResult> {
  readonly #encoder: EncoderProcess;
  readonly #path: string;
  readonly #sampleRate: number;
  readonly #channels: number;
  #samples = 0;
  /** Of all gaps, in microseconds, and the samples that stood for them: their rounding does not add up. */
  #missing = 0;
  #silence = 0;

  constructor(encoder: EncoderProcess, path: string, sampleRate: number, channels: number) {
    this.#encoder = encoder;
    this.#path = path;
    this.#sampleRate = sampleRate;
    this.#channels = channels;
  }

  write(frame: AudioFrame): void | Promise<void> {
    const { samples, gap, sampleRate, channels } = frame;
    // A copy: the pipe may keep it for longer than the frame lives.
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).slice();
    frame.close();
    if (sampleRate !== this.#sampleRate || channels !== this.#channels)
      throw invalidArgument(
        'frame',
        `${this.#sampleRate} Hz, ${this.#channels} channels`,
        `${sampleRate} Hz, ${channels}`,
      );
    if (gap !== undefined) return this.#writeAfter(gap.duration, bytes);
    return this.#put(bytes);
  }

  async end(): Promise<MediaFileResult> {
    await this.#encoder.end();
    return {
      path: this.#path,
      samples: this.#samples,
      duration: samplesToMicros(this.#samples, this.#sampleRate),
      silence: samplesToMicros(this.#silence, this.#sampleRate),
    };
  }

  abort(): Promise<void> {
    return this.#encoder.abort();
  }

  #put(bytes: Uint8Array): void | Promise<void> {
    this.#samples += bytes.length / (2 * this.#channels);
    return this.#encoder.write(bytes);
  }

  /** Silence a second at a time: a gap may be an hour. */
  async #writeAfter(missing: Micros, bytes: Uint8Array): Promise<void> {
    this.#missing += missing;
    const until = Math.max(microsToSamples(this.#missing as Micros, this.#sampleRate), this.#silence);
    while (this.#silence < until) {
      const length = Math.min(until - this.#silence, this.#sampleRate);
      this.#silence += length;
      await this.#put(new Uint8Array(2 * length * this.#channels));
    }
    await this.#put(bytes);
  }
}
