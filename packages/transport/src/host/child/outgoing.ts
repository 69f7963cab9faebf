import type { Writable } from 'node:stream';
import { encodeAudio, longestAudio, putAudio, type WireAudio } from './wire.ts';

/** Bytes of a block; what twenty tracks and their progress are in 10 ms. */
const BLOCK = 64 * 1024;

/**
 * Messages on their way into the pipe: what is added until `flush` leaves in one piece, out of memory that is used again once the
 * pipe has taken it.
 */
export class Outgoing {
  readonly #pipe: Pick<Writable, 'write' | 'writableLength'>;
  #block = Buffer.allocUnsafeSlow(BLOCK);
  /** Where in the block those begin and end that have not left. */
  #start = 0;
  #end = 0;

  constructor(pipe: Pick<Writable, 'write' | 'writableLength'>) {
    this.#pipe = pipe;
  }

  add(message: Buffer): void {
    if (message.length > BLOCK) return this.addLarge(message);
    this.#makeRoom(message.length);
    message.copy(this.#block, this.#end);
    this.#end += message.length;
  }

  /** Bytes that are not copied once more to leave in one piece. They must not change any more. */
  addLarge(bytes: Buffer): void {
    this.flush();
    this.#pipe.write(bytes);
  }

  addAudio(audio: WireAudio): void {
    const longest = longestAudio(audio);
    if (longest > BLOCK) return this.addLarge(encodeAudio(audio));
    this.#makeRoom(longest);
    this.#end = putAudio(audio, this.#block, this.#end);
  }

  flush(): void {
    if (this.#start === this.#end) return;
    this.#pipe.write(this.#block.subarray(this.#start, this.#end));
    // What the pipe has not taken stays where it is.
    if (this.#pipe.writableLength > 0) this.#start = this.#end;
    else this.#start = this.#end = 0;
  }

  #makeRoom(length: number): void {
    if (length <= BLOCK - this.#end) return;
    this.flush();
    if (length <= BLOCK - this.#end) return;
    this.#block = Buffer.allocUnsafeSlow(BLOCK);
    this.#start = this.#end = 0;
  }
}
