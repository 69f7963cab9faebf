import type { Readable } from 'node:stream';
import {
  type ActorContext,
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  invalidArgument,
  type Puller,
  SluiceError,
  type Source,
} from '@sluice/core';
import { checkFrameMs, FrameTimeline } from './frame-timeline.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

export interface FromPcmOptions extends LiveOptions {
  /** Hz. The bytes do not say it. */
  readonly sampleRate: number;
  /** Default 1. */
  readonly channels?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Reads raw interleaved 16-bit little-endian samples from any Node stream, standard input included.
 *
 * The stream is read only while everything downstream has room, so that its own back-pressure reaches the writer. Chunks
 * may be cut anywhere. A frame is emitted as soon as its bytes are there; at the end the rest comes as a shorter frame,
 * and bytes that are no whole sample are reported as `SLUICE_PCM_PARTIAL`. Timestamps count samples from 0.
 *
 * A stream can be read once. Like `for await`, an early end destroys it. Latency: one frame.
 *
 * Errors: `SLUICE_STREAM_READ` if the stream fails, is closed before its end or was read before.
 *
 * @example
 * ```ts
 * import { fromPcm, toWavFile } from '@sluice/nodes';
 *
 * fromPcm(process.stdin, { sampleRate: 16_000 }).subscribe(toWavFile('said.wav'));
 * ```
 * @see fromWavFile for files with a header, toPcm for the way back.
 */
export function fromPcm(readable: Readable, options: FromPcmOptions): Source<AudioFrame> {
  checkKeys<FromPcmOptions>('fromPcm', options, { ...liveKeys, sampleRate: true, channels: true, frameMs: true });
  if (typeof readable?.read !== 'function' || typeof readable.on !== 'function')
    throw invalidArgument('readable', 'a Node Readable', readable);
  if (readable.readableObjectMode || readable.readableEncoding !== null)
    throw invalidArgument(
      'readable',
      'a Readable of bytes, without encoding and object mode',
      readable.readableEncoding,
    );
  const { sampleRate, channels = 1, frameMs = 20, live } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  checkFrameMs(frameMs);
  const format = { sampleRate, channels };
  let opened = false;
  const open = (context: ActorContext) => {
    if (opened) throw new SluiceError('SLUICE_STREAM_READ', 'the stream was read before');
    opened = true;
    return new PcmPuller(readable, new FrameTimeline(format, frameMs), context);
  };
  return frameSource({ name: 'fromPcm', format: { kind: 'audio', ...format } }, live, open);
}

class PcmPuller implements Puller<AudioFrame> {
  readonly #readable: Readable;
  readonly #timeline: FrameTimeline;
  readonly #context: ActorContext;
  #error: SluiceError | undefined;
  #ended = false;
  #closed = false;
  #wake = () => {};

  constructor(readable: Readable, timeline: FrameTimeline, context: ActorContext) {
    this.#readable = readable;
    this.#timeline = timeline;
    this.#context = context;
    readable.on('readable', this.#onReadable);
    readable.on('end', this.#onEnd);
    readable.on('error', this.#onError);
    readable.on('close', this.#onClose);
    this.#ended = readable.readableEnded;
    if (readable.errored) this.#onError(readable.errored);
    else if (readable.destroyed) this.#onClose();
  }

  read(): AudioFrame | null | Promise<AudioFrame | null> {
    const frame = this.#take();
    return frame === undefined ? this.#wait() : frame;
  }

  close(): void {
    this.#closed = true;
    this.#readable.off('readable', this.#onReadable);
    this.#readable.off('end', this.#onEnd);
    this.#readable.off('close', this.#onClose);
    // The listener for errors stays: one that comes late has nobody else to go to.
    if (!this.#ended) this.#readable.destroy();
    this.#wake();
  }

  /** The next frame, null at the end, undefined if bytes are missing. */
  #take(): AudioFrame | null | undefined {
    if (this.#error !== undefined) throw this.#error;
    if (this.#ended || this.#closed) return null;
    const bytesPerSample = 2 * this.#timeline.format.channels;
    const wanted = this.#timeline.nextLength * bytesPerSample;
    // Gives exactly what was asked for, or null; less only once the stream has ended.
    const chunk: Uint8Array | null = this.#readable.read(wanted);
    if (chunk === null) return undefined;
    const whole = Math.floor(chunk.length / bytesPerSample);
    if (whole * bytesPerSample < chunk.length) this.#reportPartial(chunk.length - whole * bytesPerSample);
    if (whole === 0) return undefined;
    const samples = new Int16Array(whole * this.#timeline.format.channels);
    new Uint8Array(samples.buffer).set(chunk.subarray(0, samples.byteLength));
    return this.#timeline.frame(samples);
  }

  async #wait(): Promise<AudioFrame | null> {
    for (;;) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const frame = this.#take();
      if (frame !== undefined) return frame;
    }
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

  readonly #onReadable = () => this.#wake();

  readonly #onEnd = () => {
    this.#ended = true;
    this.#wake();
  };

  readonly #onError = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    this.#error ??= new SluiceError('SLUICE_STREAM_READ', `the stream failed: ${reason}`, { cause });
    this.#wake();
  };

  readonly #onClose = () => {
    if (this.#ended || this.#readable.readableEnded) return;
    this.#error ??= new SluiceError('SLUICE_STREAM_READ', 'the stream was closed before its end');
    this.#wake();
  };
}
