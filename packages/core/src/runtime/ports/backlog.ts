import type { Frame } from '../../media/frame.ts';
import { frameMemory } from '../../media/frame-memory.ts';
import { Ring } from './ring.ts';

/** Frames that may hide where no link bounds them: 30 s of 20 ms. */
export const MOST_UNSEEN_FRAMES = 1_500;
/** Their memory: eight pictures of 1080p with four bytes a pixel, or eleven minutes of mono sound. */
export const MOST_UNSEEN_BYTES = 64 * 2 ** 20;

/** Both bounds, for messages. */
export const mostUnseen = `${MOST_UNSEEN_FRAMES} frames or ${MOST_UNSEEN_BYTES / 2 ** 20} MiB`;

interface Waiting {
  readonly frame: Frame;
  readonly bytes: number;
  /** Called when it has left; absent for what was emitted without asking for room. */
  readonly done: (() => void) | undefined;
}

/** Frames that were made and that no link has room for, in order. Frames on the same memory count it once. */
export class Backlog {
  readonly #queue = new Ring<Waiting>();
  #bytes = 0;
  #unasked = 0;
  #last: ArrayBufferLike | undefined;

  get size(): number {
    return this.#queue.size;
  }

  /** Frames that wait although nobody asked for room. */
  get unasked(): number {
    return this.#unasked;
  }

  /** Whether it has reached a bound. */
  get full(): boolean {
    return this.#queue.size >= MOST_UNSEEN_FRAMES || this.#bytes >= MOST_UNSEEN_BYTES;
  }

  push(frame: Frame, done: (() => void) | undefined): void {
    const memory = frameMemory(frame);
    const bytes = memory === undefined || memory.buffer === this.#last ? 0 : memory.byteLength;
    this.#last = memory?.buffer;
    this.#bytes += bytes;
    if (done === undefined) this.#unasked++;
    this.#queue.push({ frame, bytes, done });
  }

  shift(): Waiting {
    const waiting = this.#queue.shift()!;
    this.#bytes -= waiting.bytes;
    if (waiting.done === undefined) this.#unasked--;
    if (this.#queue.size === 0) this.#last = undefined;
    return waiting;
  }
}
