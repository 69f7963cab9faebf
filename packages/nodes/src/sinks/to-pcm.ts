import type { Writable } from 'node:stream';
import {
  type ActorContext,
  type AudioFrame,
  checkKeys,
  createSink,
  invalidArgument,
  PauseWatch,
  type Sink,
  type SinkWriter,
  SluiceError,
} from '@sluice/core';
import { FormatKeeper, type KeptFormatOptions, keptFormatConstraint } from '../audio/format-keeper.ts';
import { ChunkMemory } from '../formats/byte-io/chunk-memory.ts';

/** What {@link toPcm} does with its stream at the end. */
export interface ToPcmOptions extends KeptFormatOptions {
  /** Whether the stream is ended when the frames are. Standard output and error never are. Default true. */
  readonly end?: boolean | undefined;
  /**
   * Whether bytes are written over once the stream has called back for them, so that a long render leaves no garbage outside of
   * the heap. For streams that are done with a chunk by then, as files, sockets and pipes are; not for one that keeps
   * it or passes it on, as `PassThrough` does. Default false.
   */
  readonly reuseMemory?: boolean | undefined;
}

/** What `toPcm` has written. */
export interface PcmResult {
  /** Frames that came. */
  readonly frames: number;
  /** Bytes that were written. */
  readonly bytes: number;
}

/**
 * Writes raw interleaved 16-bit little-endian samples to any Node stream, standard output included.
 *
 * The stream's back-pressure holds the graph back. The reader must know rate and channels: they are those of the first
 * frame unless the options say others, and frames of a different format are converted; what a conversion holds
 * back is written when a live stream pauses. Gaps are not filled: `toWavFile` does that. Latency: what the stream buffers.
 *
 * `finished` resolves when everything has left the stream's buffer. It rejects with `SLUICE_STREAM_CLOSED` when the far
 * side has gone (`EPIPE`) or the stream was closed, `SLUICE_STREAM_WRITE` when it fails otherwise, and
 * `SLUICE_FORMAT_CHANGED`. An abort destroys a stream that would have been ended.
 *
 * @example
 * ```ts
 * import { fromTone, toPcm } from '@sluice/nodes';
 *
 * // node tone.ts | aplay -f S16_LE -r 16000
 * fromTone({ sampleRate: 16_000, duration: 1 }).subscribe(toPcm(process.stdout));
 * ```
 * @see fromPcm for the way back.
 */
export function toPcm(writable: Writable, options: ToPcmOptions = {}): Sink<AudioFrame, PcmResult> {
  checkKeys<ToPcmOptions>('toPcm', options, { end: true, reuseMemory: true, sampleRate: true, channels: true });
  const { reuseMemory = false } = options;
  if (typeof reuseMemory !== 'boolean') throw invalidArgument('reuseMemory', 'true or false', reuseMemory);
  if (typeof writable?.write !== 'function' || typeof writable.once !== 'function')
    throw invalidArgument('writable', 'a Node Writable', writable);
  if (writable.writableObjectMode) throw invalidArgument('writable', 'a Writable of bytes', 'one in object mode');
  const standard = writable === process.stdout || writable === process.stderr;
  return createSink({
    name: 'toPcm',
    accepts: keptFormatConstraint(options),
    external: true,
    open: (context) => new PcmWriter(writable, (options.end ?? true) && !standard, options, context),
  });
}

class PcmWriter implements SinkWriter<AudioFrame, PcmResult> {
  readonly #writable: Writable;
  readonly #endsIt: boolean;
  readonly #keeper: FormatKeeper;
  readonly #pauses: PauseWatch;
  #frames = 0;
  #bytes = 0;
  #error: SluiceError | undefined;
  #wake = () => {};
  readonly #memory: ChunkMemory;

  constructor(writable: Writable, endsIt: boolean, options: ToPcmOptions, context: ActorContext) {
    this.#keeper = new FormatKeeper(options);
    this.#memory = new ChunkMemory(options.reuseMemory ?? false);
    this.#pauses = new PauseWatch(context, () => {
      if (this.#error === undefined) this.#put(this.#keeper.drain());
    });
    this.#writable = writable;
    this.#endsIt = endsIt;
    writable.on('drain', this.#onDrain);
    writable.on('error', this.#onError);
    writable.on('close', this.#onClose);
    if (writable.errored) this.#onError(writable.errored);
    else if (writable.destroyed || writable.writableEnded) this.#onClose();
    if (this.#error !== undefined) throw this.#error;
  }

  write(frame: AudioFrame): void | Promise<void> {
    try {
      if (this.#error !== undefined) throw this.#error;
      this.#frames++;
      const met = this.#keeper.meet(frame);
      const tail = met.length === 0 && frame.gap !== undefined ? this.#keeper.break() : met;
      const tailFits = tail.length === 0 || this.#put(tail);
      const fits = this.#put(this.#keeper.convert(frame.samples));
      if (this.#keeper.holds) this.#pauses.came(frame.duration / 1000);
      if (!(tailFits && fits)) return this.#drained();
    } finally {
      frame.close();
    }
  }

  async end(): Promise<PcmResult> {
    this.#pauses.stop();
    if (this.#error === undefined) this.#put(this.#keeper.flush());
    await new Promise<void>((resolve) => {
      const written = (error?: Error | null) => {
        if (error) this.#onError(error);
        resolve();
      };
      this.#wake = resolve;
      if (this.#error !== undefined) resolve();
      else if (this.#endsIt) this.#writable.end(written);
      else this.#writable.write(new Uint8Array(0), written);
    });
    this.#detach();
    if (this.#error !== undefined) throw this.#error;
    return { frames: this.#frames, bytes: this.#bytes };
  }

  abort(): void {
    this.#detach();
    if (this.#endsIt) this.#writable.destroy();
    this.#wake();
  }

  /** Returns whether the stream takes more. */
  #put(samples: Int16Array): boolean {
    if (samples.length === 0) return true;
    this.#bytes += samples.byteLength;
    // The stream keeps the bytes until it has written them, the frame's memory may be used again before.
    const bytes = this.#memory.copy(samples);
    return this.#writable.write(bytes, this.#memory.written);
  }

  async #drained(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (this.#error !== undefined) throw this.#error;
  }

  /** The listener for errors stays: one that comes late has nobody else to go to. */
  #detach(): void {
    this.#pauses.stop();
    this.#writable.off('drain', this.#onDrain);
    this.#writable.off('close', this.#onClose);
  }

  readonly #onDrain = () => this.#wake();

  readonly #onError = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const gone = isErrno(cause, ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);
    this.#error ??= gone
      ? new SluiceError('SLUICE_STREAM_CLOSED', `the stream's reader has gone: ${reason}`, { cause })
      : new SluiceError('SLUICE_STREAM_WRITE', `the stream failed: ${reason}`, { cause });
    this.#wake();
  };

  readonly #onClose = () => {
    if (this.#writable.writableFinished && this.#endsIt) return;
    this.#error ??= new SluiceError('SLUICE_STREAM_CLOSED', 'the stream was closed before everything was written');
    this.#wake();
  };
}

function isErrno(error: unknown, codes: readonly string[]): boolean {
  return codes.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
