import {
  type ActorContext,
  type AudioFrame,
  checkChannelMask,
  checkChannels,
  checkKeys,
  checkSampleRate,
  type Puller,
  SluiceError,
  type Source,
} from '@sluice/core';
import { audioHeader } from '../formats/byte-io/audio-header.ts';
import { type ByteInput, byteInput } from '../formats/byte-io/byte-input.ts';
import type { StreamByteReader } from '../formats/byte-io/stream-byte-reader.ts';
import { checkFrameMs, FrameTimeline } from '../formats/frame-timeline.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** What the bytes of {@link fromPcm} are. */
export interface FromPcmOptions extends LiveOptions {
  /** Hz. The bytes do not say it. */
  readonly sampleRate: number;
  /** Default 1. */
  readonly channels?: number | undefined;
  /** Which speakers the channels are for, as of `channelMaskOf`. Default: the usual ones for so many. */
  readonly channelMask?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Reads raw interleaved 16-bit little-endian samples from any stream (standard input, a child's standard output, the body
 * of an HTTP response), from an iterable of Buffers, or from Buffers that are there already.
 *
 * The stream is read only while everything downstream has room, so that its own back-pressure reaches the writer. Chunks
 * may be cut anywhere. A frame is emitted as soon as its bytes are there; at the end the rest comes as a shorter frame,
 * and bytes that are no whole sample are reported as `SLUICE_PCM_PARTIAL`. Timestamps count samples from 0.
 *
 * Other samples want a header, which says what they are: `arecord -t wav` with S16_LE, S24_3LE or S32_LE (not S24_LE) and
 * `fromWav`. A stream can be read once, an array or a Buffer again. Like `for await`, an early end destroys a stream. Latency: one
 * frame.
 *
 * Errors: `SLUICE_STREAM_READ` if the stream fails, is closed before its end, was read before or gives what is no bytes;
 * `SLUICE_PCM_HEADER` if the bytes begin like a WAV or AIFF file, whose header would be heard as a click.
 *
 * @example
 * ```ts
 * import { fromPcm, toWavFile } from '@sluice/nodes';
 *
 * fromPcm(process.stdin, { sampleRate: 16_000 }).subscribe(toWavFile('said.wav'));
 * ```
 * @see fromWav for a stream with a header, fromWavFile for files, toPcm for the way back.
 */
export function fromPcm(readable: ByteInput, options: FromPcmOptions): Source<AudioFrame> {
  checkKeys<FromPcmOptions>('fromPcm', options, {
    ...liveKeys,
    sampleRate: true,
    channels: true,
    channelMask: true,
    frameMs: true,
  });
  const openBytes = byteInput('readable', readable);
  const { sampleRate, channels = 1, channelMask, frameMs = 20, live } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  if (channelMask !== undefined) checkChannelMask(channelMask, channels);
  checkFrameMs(frameMs);
  const format = { sampleRate, channels, channelMask };
  const open = (context: ActorContext) => new PcmPuller(openBytes(), new FrameTimeline(format, frameMs), context);
  return frameSource({ name: 'fromPcm', format: { kind: 'audio', ...format } }, live, open);
}

class PcmPuller implements Puller<AudioFrame> {
  readonly #bytes: StreamByteReader;
  readonly #timeline: FrameTimeline;
  readonly #context: ActorContext;
  #closed = false;

  constructor(bytes: StreamByteReader, timeline: FrameTimeline, context: ActorContext) {
    this.#bytes = bytes;
    this.#timeline = timeline;
    this.#context = context;
  }

  /** Frames that lie inside the piece at hand need no promise. */
  read(): AudioFrame | Promise<AudioFrame | null> {
    const samples = new Int16Array(this.#timeline.nextLength * this.#timeline.format.channels);
    const bytes = new Uint8Array(samples.buffer);
    return this.#bytes.fillNow(bytes) ? this.#frame(samples) : this.#readOn(samples, bytes);
  }

  close(): void {
    this.#closed = true;
    this.#bytes.close();
  }

  async #readOn(samples: Int16Array, bytes: Uint8Array): Promise<AudioFrame | null> {
    const filled = await this.#bytes.fill(bytes);
    if (this.#closed) return null;
    if (filled === bytes.length) return this.#frame(samples);
    const { channels } = this.#timeline.format;
    const whole = Math.floor(filled / (2 * channels)) * channels;
    if (whole * 2 < filled) this.#reportPartial(filled - whole * 2);
    return whole === 0 ? null : this.#frame(samples.slice(0, whole));
  }

  #frame(samples: Int16Array): AudioFrame {
    if (this.#timeline.sample === 0) checkNoHeader(new Uint8Array(samples.buffer, 0, Math.min(samples.byteLength, 12)));
    return this.#timeline.frame(samples);
  }

  #reportPartial(bytes: number): void {
    this.#context.report(
      new SluiceError('SLUICE_PCM_PARTIAL', 'the stream ended inside a sample', {
        expected: `a multiple of ${2 * this.#timeline.format.channels} bytes`,
        received: `${bytes} bytes more`,
        fix: 'Check the sample size and the channel count of the writer',
      }),
    );
  }
}

/** A header would be heard as a click, and what follows perhaps at the wrong rate. */
function checkNoHeader(bytes: Uint8Array): void {
  const header = audioHeader(bytes);
  if (header === undefined) return;
  throw new SluiceError('SLUICE_PCM_HEADER', 'fromPcm got a file with a header', {
    expected: 'raw samples',
    received: header.name,
    fix: header.wav
      ? 'Read it with fromWav, which knows its rate and channels'
      : 'Decode it to raw samples or WAV first',
  });
}
