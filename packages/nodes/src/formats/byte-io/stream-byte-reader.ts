import type { Readable } from 'node:stream';
import { SluiceError } from '@sluice/core';
import { ByteReader } from './byte-reader.ts';
import { bytesOf } from './bytes-of.ts';

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

  /** Takes what is there, at most as much as `target` holds, and waits only if there is nothing. Returns 0 at the end. */
  async some(target: Uint8Array): Promise<number> {
    return this.take(target) || this.readInto(target);
  }

  /** Fills `target` if all of it has been read already; else takes nothing and returns false. */
  fillNow(target: Uint8Array): boolean {
    if (this.rest.length < target.length) return false;
    this.take(target);
    return true;
  }

  protected async readInto(target: Uint8Array): Promise<number> {
    return (await this.readMore()) ? this.take(target) : 0;
  }

  protected async readMore(): Promise<boolean> {
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      if (this.#closed || this.#ended) return false;
      const chunk: unknown = this.#readable.read();
      if (chunk !== null) {
        const bytes = bytesOf(chunk);
        if (bytes === undefined) throw noBytes(chunk);
        if (bytes.length === 0) continue;
        this.rest = bytes;
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

function noBytes(chunk: unknown): SluiceError {
  const received = typeof chunk === 'object' ? (chunk?.constructor?.name ?? 'an object') : typeof chunk;
  return new SluiceError('SLUICE_STREAM_READ', 'the stream gives what is no bytes', {
    expected: 'Buffers or Uint8Arrays',
    received,
    fix: 'Turn each piece into a Buffer: Buffer.from(samples.buffer) for an Int16Array',
  });
}
