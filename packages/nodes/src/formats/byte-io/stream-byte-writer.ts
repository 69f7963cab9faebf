import { WriteStream } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { SluiceError } from '@sluice/core';
import type { ByteWriter } from './byte-writer.ts';

const goneCodes = ['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'];

/**
 * Writes to a Node stream, one write after the other. Streams of the system need the bytes no more once they have
 * written them; any other may keep them for longer (a `PassThrough` hands them on) and gets a copy.
 */
export class StreamByteWriter implements ByteWriter {
  readonly #writable: Writable;
  readonly #endsIt: boolean;
  readonly #copies: boolean;
  #bytes = 0;
  #error: SluiceError | undefined;
  #settle = () => {};

  constructor(writable: Writable, endsIt: boolean) {
    this.#writable = writable;
    this.#endsIt = endsIt;
    this.#copies = !(writable instanceof Socket || writable instanceof WriteStream);
    writable.on('error', this.#onError);
    writable.on('close', this.#onClose);
    if (writable.errored) this.#onError(writable.errored);
    else if (writable.destroyed || writable.writableEnded) this.#onClose();
    if (this.#error !== undefined) throw this.#error;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    await this.#settled((done) => {
      const last = pieces.length - 1;
      for (const [index, piece] of pieces.entries()) {
        const bytes = this.#copies ? piece.slice() : piece;
        if (index === last) this.#writable.write(bytes, done);
        else this.#writable.write(bytes);
      }
    });
    for (const piece of pieces) this.#bytes += piece.length;
  }

  async end(): Promise<void> {
    await this.#settled((done) => {
      if (this.#endsIt) this.#writable.end(done);
      else this.#writable.write(new Uint8Array(0), done);
    });
    this.#writable.off('close', this.#onClose);
  }

  abort(): void {
    // The listener for errors stays: one that comes late has nobody else to go to.
    this.#writable.off('close', this.#onClose);
    if (this.#endsIt) this.#writable.destroy();
    this.#settle();
  }

  /** Runs `start`; settles when it says so, when the stream fails or when it is given up. */
  async #settled(start: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#error === undefined)
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        start((error) => {
          if (error) this.#onError(error);
          resolve();
        });
      });
    if (this.#error !== undefined) throw this.#error;
  }

  readonly #onError = (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const gone = goneCodes.includes((cause as NodeJS.ErrnoException | undefined)?.code ?? '');
    this.#error ??= gone
      ? new SluiceError('SLUICE_STREAM_CLOSED', `the stream's reader has gone: ${reason}`, { cause })
      : new SluiceError('SLUICE_STREAM_WRITE', `the stream failed: ${reason}`, { cause });
    this.#settle();
  };

  readonly #onClose = () => {
    if (this.#writable.writableFinished && this.#endsIt) return;
    this.#error ??= new SluiceError('SLUICE_STREAM_CLOSED', 'the stream was closed before everything was written');
    this.#settle();
  };
}
