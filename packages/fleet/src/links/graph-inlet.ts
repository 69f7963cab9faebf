import type { ActorContext, Cancel, Frame } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { Arrivals } from './arrivals.ts';

export interface GraphInletOptions {
  readonly context: ActorContext;
  readonly destination: Subscriber<Frame>;
  /** A frame goes on into the graph: its media, in microseconds. */
  readonly goesOn: (media: number) => void;
  /** It has gone on: the bytes of its message. */
  readonly wentOn: (bytes: number) => void;
  /** Nothing waits any more. */
  readonly emptied: () => void;
}

/** The way into the graph: what comes goes on while there is room, and waits here in order while there is none. */
export class GraphInlet {
  readonly #options: GraphInletOptions;
  readonly #arrivals = new Arrivals();
  #cancelRoom: Cancel = () => {};
  #waiting = false;

  constructor(options: GraphInletOptions) {
    this.#options = options;
  }

  /** Frames that wait. */
  get size(): number {
    return this.#arrivals.size;
  }

  /** Of those frames, as messages. */
  get bytes(): number {
    return this.#arrivals.bytes;
  }

  put(frame: Frame, bytes: number): void {
    if (this.#arrivals.size === 0 && this.#options.context.hasRoom) return this.#give(frame, bytes);
    this.#arrivals.push(frame, bytes);
    this.#whenRoom();
  }

  /** Closes all that waits. Returns the media that was in it, in microseconds. */
  clear(): number {
    return this.#arrivals.clear();
  }

  close(): void {
    this.#cancelRoom();
    this.#arrivals.clear();
  }

  #give(frame: Frame, bytes: number): void {
    this.#options.goesOn(frame.duration ?? 0);
    this.#options.destination.next(frame);
    this.#options.wentOn(bytes);
  }

  #whenRoom(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#cancelRoom = this.#options.context.whenRoom(() => {
      this.#waiting = false;
      this.#drain();
    });
  }

  #drain(): void {
    const { context, emptied } = this.#options;
    while (this.#arrivals.size > 0 && context.hasRoom) {
      const { frame, bytes } = this.#arrivals.shift()!;
      this.#give(frame, bytes);
    }
    if (this.#arrivals.size > 0) this.#whenRoom();
    else emptied();
  }
}
