import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Gives a program what a stream of this process has, as fast as it takes it. */
export class StreamFeed {
  /** Why the stream broke off before its end; undefined while all is well, and if the program wanted no more of it. */
  fault: Error | undefined;
  readonly #stream: Readable;

  constructor(stream: Readable, into: Writable, onFault: () => void) {
    this.#stream = stream;
    const fail = (error: Error) => {
      this.fault ??= error;
      onFault();
    };
    stream.once('error', fail);
    // A program that is gone closes its end first.
    stream.once('close', () => {
      if (!stream.readableEnded && !into.destroyed) fail(new Error('it was closed before its end'));
    });
    pipeline(stream, into).catch(() => {});
  }

  close(): void {
    this.#stream.destroy();
  }
}
