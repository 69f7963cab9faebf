import { type ActorContext, closeFrame, type Frame, joinGaps, type Micros, SluiceError } from '@sluice/core';
import type { Subscriber } from 'rxjs';

/** Frames that may wait for a branch, whatever their media time. */
const MOST_WAITING = 1_500;
/** What a picture of unknown duration takes of the capacity: 30 a second. */
const ASSUMED_PICTURE_MICROS = 33_333;

function mediaOf(frame: Frame): number {
  return frame.duration || (frame.kind === 'video' ? ASSUMED_PICTURE_MICROS : 0);
}

/** One receiver of a tee, and what waits for it. */
export class TeeBranch<F extends Frame> {
  readonly #destination: Subscriber<F>;
  readonly #context: ActorContext;
  readonly #capacity: number;
  readonly #blocks: boolean;
  readonly #onRoom: () => void;
  readonly #stopListening: () => void;
  #queue: F[] = [];
  #queued = 0;
  #cancelWait: (() => void) | undefined;
  #ended = false;
  #draining = false;

  constructor(
    destination: Subscriber<F>,
    context: ActorContext,
    capacity: number,
    blocks: boolean,
    onRoom: () => void,
  ) {
    this.#destination = destination;
    this.#context = context;
    this.#capacity = capacity;
    this.#blocks = blocks;
    this.#onRoom = onRoom;
    this.#stopListening = context.onInterrupt((interruption) => {
      for (const frame of this.#queue) interruption.dropped(frame.duration ?? 0);
      this.#clear();
    });
  }

  /** Whether one more frame may wait. */
  get mayKeep(): boolean {
    return this.#queue.length === 0 || (this.#queued < this.#capacity && this.#queue.length < MOST_WAITING);
  }

  get #overfull(): boolean {
    return this.#queue.length > 1 && (this.#queued > this.#capacity || this.#queue.length > MOST_WAITING);
  }

  /** Whether there is room; if not, `onRoom` is called when there is. */
  askRoom(): boolean {
    if (this.#context.hasRoom) return this.#queue.length === 0;
    this.#cancelWait ??= this.#context.whenRoom(this.#resume);
    return false;
  }

  take(frame: F): void {
    const full = this.#blocks && !this.mayKeep;
    this.#queue.push(frame);
    this.#queued += mediaOf(frame);
    this.#drain();
    if (full && this.#queue.length > 1 && !this.#destination.closed) this.#fail();
    while (!this.#blocks && this.#overfull && !this.#destination.closed) this.#dropOldest();
  }

  end(): void {
    this.#ended = true;
    this.#drain();
  }

  fail(reason: unknown): void {
    this.#destination.error(reason);
  }

  close(): void {
    this.#stopListening();
    this.#clear();
  }

  #fail(): void {
    const limit = `${this.#capacity / 1000} ms waiting`;
    const fix = "Use onFull: 'drop-oldest', or a source that can be held back";
    this.fail(new SluiceError('SLUICE_CHAIN_OVERFLOW', 'a branch of tee cannot keep up', { expected: limit, fix }));
  }

  #dropOldest(): void {
    const oldest = this.#queue.shift()!;
    this.#queued -= mediaOf(oldest);
    const next = this.#queue[0]!;
    const duration = (oldest.duration ?? 0) as Micros;
    next.gap = joinGaps(joinGaps(oldest.gap, { duration, reason: 'overflow' }), next.gap);
    closeFrame(oldest);
  }

  #drain(): void {
    if (this.#draining || this.#cancelWait !== undefined) return;
    this.#draining = true;
    while (this.#queue.length > 0) {
      if (!this.#context.hasRoom) {
        this.#cancelWait = this.#context.whenRoom(this.#resume);
        break;
      }
      const frame = this.#queue.shift()!;
      this.#queued -= mediaOf(frame);
      if (this.#destination.closed) closeFrame(frame);
      else this.#destination.next(frame);
    }
    this.#draining = false;
    if (this.#queue.length === 0 && this.#ended) this.#destination.complete();
    else if (this.mayKeep) this.#onRoom();
  }

  readonly #resume = (): void => {
    this.#cancelWait = undefined;
    this.#drain();
  };

  #clear(): void {
    this.#cancelWait?.();
    this.#cancelWait = undefined;
    for (const frame of this.#queue.splice(0)) closeFrame(frame);
    this.#queued = 0;
  }
}
