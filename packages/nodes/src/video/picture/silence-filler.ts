import type { ActorContext, Cancel, Interruption, Micros, VideoFrame } from '@sluice/core';
import type { Subscriber } from 'rxjs';
import { emit } from '../../flow/emit.ts';
import { type ExactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';

export interface SilenceFillerOptions {
  /** Of the pictures that fill a silence. */
  readonly rate: ExactFrameRate;
  /** How long the input is silent before the first of them, in milliseconds. */
  readonly afterMs: number;
  /** For how long a silence is filled, in milliseconds. */
  readonly maxMs: number;
  /** What is shown, made of the last picture, which stays the filler's. */
  readonly picture: (last: VideoFrame) => VideoFrame;
}

/** Input that goes back by more than this, in microseconds, is a new stream, not a late picture. */
const RESTART = 1_000_000;
const NOTHING = Number.NEGATIVE_INFINITY;

/** Passes pictures on, and fills silences of the clock with others. Used by `repeatLast` and `blank`. */
export class SilenceFiller {
  filled = 0;
  readonly #destination: Subscriber<VideoFrame>;
  readonly #context: ActorContext;
  readonly #options: SilenceFillerOptions;
  #last: VideoFrame | undefined;
  #lastInput = NOTHING;
  /** When the last picture came. */
  #since = 0;
  /** How many pictures of the silence's schedule are over. */
  #index = 0;
  /** The time of the last picture that filled a silence, or of one that was late after it. */
  #filledTo = NOTHING;
  #cancelTimer: Cancel | undefined;

  constructor(destination: Subscriber<VideoFrame>, context: ActorContext, options: SilenceFillerOptions) {
    this.#destination = destination;
    this.#context = context;
    this.#options = options;
  }

  take(frame: VideoFrame): void {
    if (frame.timestamp < this.#lastInput - RESTART) this.#filledTo = NOTHING;
    this.#lastInput = frame.timestamp;
    // What fills a silence has taken the time of a picture that comes late out of it: it is shown all the same.
    const late = frame.timestamp <= this.#filledTo;
    if (late) this.#filledTo++;
    const next = late ? frame.move({ timestamp: this.#filledTo as Micros }) : frame;
    this.#last?.close();
    this.#last = next.clone();
    this.#since = this.#context.clock.now();
    this.#index = 0;
    this.#schedule();
    emit(this.#destination, next);
  }

  interrupt({ epoch }: Interruption): void {
    if (this.#last !== undefined && this.#last.epoch < epoch) this.close();
  }

  close(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#last?.close();
    this.#last = undefined;
    this.#lastInput = NOTHING;
    this.#filledTo = NOTHING;
  }

  #schedule(): void {
    if (this.#cancelTimer !== undefined) return;
    this.#cancelTimer = this.#context.clock.at(this.#due(), this.#onTimer);
  }

  /** Computed in one way wherever it is compared: a timer that fires on time must not find itself a rounding too early. */
  #due(): number {
    return this.#since + this.#delay();
  }

  /** From the last picture to the next one of the schedule, in milliseconds. */
  #delay(): number {
    return this.#options.afterMs + frameTime(this.#index, this.#options.rate) / 1000;
  }

  /** One timer serves any number of pictures: when it fires, it looks at when the last one came. */
  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined;
    if (this.#last === undefined) return;
    const now = this.#context.clock.now();
    if (now >= this.#due()) {
      if (this.#delay() > this.#options.maxMs) return;
      this.#fill(this.#last);
      // Those that a stall has swallowed are left out.
      while (this.#due() <= now) this.#index++;
    }
    this.#schedule();
  };

  #fill(last: VideoFrame): void {
    if (!this.#context.hasRoom) return;
    const timestamp = (last.timestamp + Math.round(this.#delay() * 1000)) as Micros;
    const duration = frameTime(1, this.#options.rate);
    this.filled++;
    this.#filledTo = Math.max(timestamp, this.#filledTo);
    emit(this.#destination, this.#options.picture(last).move({ timestamp, duration, gap: undefined }));
  }
}
