import type { ActorContext } from '@sluice/core';
import type { DecoderProcess } from './decoder-process.ts';

/** What pullers read from. */
export type Decoder = Pick<DecoderProcess, 'next' | 'reportComplaint' | 'close'>;

/** Decoders of the same part one after the other, as one: nothing stands between two of them. */
export class RepeatedDecoder implements Decoder {
  readonly #begin: () => DecoderProcess;
  #current: DecoderProcess;
  #left: number;
  #hasGiven = false;
  #closed = false;

  constructor(begin: () => DecoderProcess, times: number) {
    this.#begin = begin;
    this.#current = begin();
    this.#left = times - 1;
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const bytes = await this.#current.next();
      if (bytes !== undefined) {
        this.#hasGiven = true;
        return bytes;
      }
      // What is empty stays so, however often it is begun.
      if (this.#left <= 0 || !this.#hasGiven || this.#closed) return undefined;
      this.#left--;
      this.#hasGiven = false;
      this.#current = this.#begin();
    }
  }

  reportComplaint(context: ActorContext): void {
    this.#current.reportComplaint(context);
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.#current.close();
  }
}
