import type { Readable } from 'node:stream';
import { SluiceError } from '@sluice/core';
import { ByteReader } from './byte-reader.ts';

/** Reads a Node stream, only as far as it is asked, so that the stream's own back-pressure reaches its writer. */
export class StreamByteReader extends ByteReader {
  readonly #readable: Readable;
  #error: SluiceError | undefined;
  #ended = false;
  #closed = false;
  #wake = () => {};

  constructor(readable: Readable) {
    super();
    this.#readable = readable;
    readable.on('readable', this.#onReadable);
    readable.on('end', this.#onEnd);
    readable.on('error', this.#onError);
    readable.on('close', this.#onClose);
    this.#ended = readable.readableEnded;
    if (readable.errored) this.#onError(readable.errored);
    else if (readable.destroyed) this.#onClose();
  }

  /** Like `for await`, an early end destroys the stream. */
  close(): void {
    this.#closed = true;
    this.#readable.off('readable', this.#onReadable);
    this.#readable.off('end', this.#onEnd);
    this.#readable.off('close', this.#onClose);
    // The listener for errors stays: one that comes late has nobody else to go to.
    if (!this.#ended) this.#readable.destroy();
    this.#wake();
  }

  protected async readInto(target: Uint8Array): Promise<number> {
    return (await this.readMore()) ? this.take(target) : 0;
  }

  protected async readMore(): Promise<boolean> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#closed || this.#ended) return false;
      const chunk: Uint8Array | null = this.#readable.read();
      if (chunk !== null && chunk.length > 0) {
        this.rest = chunk;
        return true;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
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
