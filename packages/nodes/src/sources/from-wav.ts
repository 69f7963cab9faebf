import { type ActorContext, type AudioFrame, checkKeys, type Puller, type Source } from '@sluice/core';
import { type ByteInput, byteInput } from '../formats/byte-io/byte-input.ts';
import type { StreamByteReader } from '../formats/byte-io/stream-byte-reader.ts';
import { checkFrameMs } from '../formats/frame-timeline.ts';
import { WavPuller } from '../formats/wav/wav-puller.ts';
import { WavStreamReader } from '../formats/wav/wav-stream-reader.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** How {@link fromWav} cuts what it reads. */
export interface FromWavOptions extends LiveOptions {
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Reads WAV audio as it comes: from standard input, a child's standard output (speech synthesizers, decoders), the body
 * of an HTTP response, an iterable of Buffers, or a Buffer. The formats are those of `fromWavFile`.
 *
 * The stream is read only while everything downstream has room, in pieces of at most 64 KiB, however long it is. A frame
 * is emitted as soon as its bytes are there. Where the header does not know how long the audio is, as in a pipe, it ends
 * with the stream; chunks behind it are no sound. Timestamps start at 0. The format is known when the header has come; a
 * graph adapts to it then.
 *
 * A stream can be read once, an array or a Buffer again. Like `for await`, an early end destroys a stream. Latency: one
 * frame.
 *
 * Errors: `SLUICE_STREAM_READ`, and those of a header as in `fromWavFile`. Reported: audio that ends before its size says
 * so (`SLUICE_WAV_TRUNCATED`), sizes that contradict each other (`SLUICE_WAV_SIZE`), a stream without any sound
 * (`SLUICE_WAV_EMPTY`), floats that are NaN or infinite (`SLUICE_SAMPLES_INVALID`).
 *
 * @example
 * ```ts
 * import { spawn } from 'node:child_process';
 * import { fromWav, toWavFile } from '@sluice/nodes';
 *
 * fromWav(spawn('espeak-ng', ['--stdout', 'hello']).stdout).subscribe(toWavFile('hello.wav'));
 *
 * const { body } = await fetch('https://example.com/speech.wav');
 * if (body !== null) fromWav(body, { live: true }).subscribe(toWavFile('speech.wav'));
 * ```
 * @throws TypeError, RangeError at once for options of the wrong kind or range.
 * @see fromWavFile for files, of which parts can be chosen and repeated; fromPcm for samples without a header.
 */
export function fromWav(readable: ByteInput, options: FromWavOptions = {}): Source<AudioFrame> {
  checkKeys<FromWavOptions>('fromWav', options, { ...liveKeys, frameMs: true });
  const openBytes = byteInput('readable', readable);
  const { live, frameMs = 20 } = options;
  checkFrameMs(frameMs);
  const open = (context: ActorContext) => new WavStreamPuller(openBytes(), frameMs, context);
  return frameSource({ name: 'fromWav' }, live, open);
}

/** Reads the header with the first frame, so that a stream that never sends one can be closed meanwhile. */
class WavStreamPuller implements Puller<AudioFrame> {
  readonly #bytes: StreamByteReader;
  readonly #frameMs: number;
  readonly #context: ActorContext;
  #frames: WavPuller | undefined;
  #closed = false;

  constructor(bytes: StreamByteReader, frameMs: number, context: ActorContext) {
    this.#bytes = bytes;
    this.#frameMs = frameMs;
    this.#context = context;
  }

  read(): AudioFrame | Promise<AudioFrame | null> {
    return this.#frames === undefined ? this.#begin() : this.#frames.read();
  }

  close(): void | Promise<void> {
    this.#closed = true;
    return (this.#frames ?? this.#bytes).close();
  }

  async #begin(): Promise<AudioFrame | null> {
    try {
      const reader = await WavStreamReader.open(this.#bytes, this.#context);
      this.#frames = new WavPuller(reader, this.#frameMs);
    } catch (error) {
      if (this.#closed) return null;
      throw error;
    }
    return this.#frames.read();
  }
}
