import type { Subscriber } from 'rxjs';
import type { Frame } from '../../media/frame.ts';
import { frameMemory } from '../../media/frame-memory.ts';
import { MOST_UNSEEN_BYTES, MOST_UNSEEN_FRAMES } from '../ports/backlog.ts';
import { Ring } from '../ports/ring.ts';

/** How long a chain that has swallowed so much is first given to show whether it keeps it, in milliseconds. */
const FIRST_PAUSE_MS = 100;

interface Swallowed {
  readonly timestamp: number | undefined;
  /** Bytes that were swallowed before it. */
  readonly before: number;
}

export interface HiddenFramesHost {
  /** Takes no further frame for so long, if its source can wait. */
  pause(ms: number): void;
  /** So many frames, or so much memory, are inside. */
  overflowed(frames: number, bytes: number): void;
}

/**
 * Finds out how many frames hide inside an operator that does not say what it keeps. What it lets through at once was
 * not kept. What it swallows may have been dropped (`filter`) or kept (`concatMap`): when a frame leaves later, those
 * that entered behind it are inside. An operator that has swallowed as much as it may keep, is given nothing for a
 * moment, and then for twice as long after twice as much; one that only drops shows nothing and goes on.
 */
export class HiddenFrames {
  readonly #host: HiddenFramesHost;
  readonly #swallowed = new Ring<Swallowed>();
  #bytes = 0;
  #count = 0;
  /** Whether anything was swallowed. A field: it is asked for each frame. */
  noted = false;
  #left = 0;
  #entering = false;
  #emitsLater = false;
  #pauseMs = FIRST_PAUSE_MS;
  #pauseAtFrames = MOST_UNSEEN_FRAMES;
  #pauseAtBytes = MOST_UNSEEN_BYTES;

  constructor(host: HiddenFramesHost) {
    this.#host = host;
  }

  /** Whether it may still have something to emit. */
  get active(): boolean {
    return this.#swallowed.size > 0;
  }

  /** Gives the operator a frame. */
  enter(operator: Pick<Subscriber<Frame>, 'next'>, frame: Frame): void {
    const left = this.#left;
    const nested = this.#entering;
    this.#entering = true;
    operator.next(frame);
    this.#entering = nested;
    if (this.#left === left) this.swallow(frame);
    else if (this.noted) this.pass();
  }

  /** A frame has left the operator. */
  leave(frame: Frame): void {
    this.#left++;
    if (!this.#entering) this.leaveLater(frame);
  }

  /** What was given to the operator let a frame through at once. While it does, what it swallows it drops. */
  pass(): void {
    if (!this.#emitsLater) this.#forget();
  }

  /** What was given to the operator let nothing through. Between two operators that may be anything, null too. */
  swallow(frame: Frame | null | undefined): void {
    this.#swallowed.push({ timestamp: frame?.timestamp, before: this.#bytes });
    this.#bytes += (frame == null ? undefined : frameMemory(frame))?.byteLength ?? 0;
    this.#count++;
    this.noted = true;
    // What was swallowed longer ago is known to be more than may be kept.
    if (this.#swallowed.size > MOST_UNSEEN_FRAMES) this.#swallowed.shift();
    const { before } = this.#swallowed.peek()!;
    if (this.#count < this.#pauseAtFrames && this.#bytes - before < this.#pauseAtBytes) return;
    this.#pauseAtFrames = Math.max(this.#pauseAtFrames, this.#count) * 2;
    this.#pauseAtBytes *= 2;
    this.#host.pause(this.#pauseMs);
    this.#pauseMs *= 2;
  }

  #forget(): void {
    while (this.#swallowed.size > 0) this.#swallowed.shift();
    this.#count = 0;
    this.noted = false;
  }

  /** A frame has left the operator outside of the call that gave it. */
  leaveLater(frame: Frame | null | undefined): void {
    if (this.#swallowed.size === 0) return;
    const timestamp = frame?.timestamp;
    this.#emitsLater = true;
    const oldest = this.#swallowed.peek()!;
    const longAgo = this.#count > this.#swallowed.size && (timestamp ?? 0) < (oldest.timestamp ?? 0);
    if (longAgo) return this.#host.overflowed(this.#count, this.#bytes - oldest.before);
    let index = 0;
    while (index < this.#swallowed.size && this.#swallowed.at(index).timestamp !== timestamp) index++;
    if (index === this.#swallowed.size) return;
    for (; index > 0; index--) this.#swallowed.shift();
    const frames = this.#swallowed.size;
    const { before } = this.#swallowed.shift()!;
    const bytes = this.#bytes - before;
    this.#count = frames - 1;
    if (frames >= MOST_UNSEEN_FRAMES || bytes >= MOST_UNSEEN_BYTES) this.#host.overflowed(frames, bytes);
  }
}
