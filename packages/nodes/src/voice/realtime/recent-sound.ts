import type { AudioFrame } from '@sluice/core';

/** Sound before the first voiced sample that is kept, in milliseconds: detectors tell late. */
const PRE_ROLL_MS = 500;

/**
 * What a person said and what the model is to hear: frames that were not written yet, and behind them those that a session would
 * have to hear again if it were lost now.
 */
export class RecentSound {
  readonly #mostMs: number;
  readonly #frames: AudioFrame[] = [];
  /** Of the frames, how many the session has. */
  #written = 0;
  /** Media time from which on they have to be kept, in microseconds; undefined while nobody says anything. */
  #from: number | undefined;

  constructor(mostMs: number) {
    this.#mostMs = mostMs;
  }

  /** Takes a frame. Returns how many milliseconds were lost that nobody has heard, because that much cannot be kept. */
  push(frame: AudioFrame): number {
    this.#frames.push(frame);
    const end = endOf(frame);
    const oldest = end - this.#mostMs * 1_000;
    const wanted = Math.max(oldest, this.#from ?? end - PRE_ROLL_MS * 1_000);
    let lost = 0;
    while (this.#frames.length > 1 && endOf(this.#frames[0]!) <= (this.#written > 0 ? wanted : oldest)) {
      const first = this.#frames.shift()!;
      if (this.#written > 0) this.#written--;
      else lost += first.duration / 1_000;
      first.close();
    }
    return lost;
  }

  /** The next frame that the session has not heard. */
  next(): AudioFrame | undefined {
    const frame = this.#frames[this.#written];
    if (frame !== undefined) this.#written++;
    return frame;
  }

  /** Somebody says something, from here on. */
  keepFrom(time: number): void {
    this.#from ??= time - PRE_ROLL_MS * 1_000;
  }

  /** What was said up to a time is known otherwise: nobody has to hear it again. */
  settle(time: number): void {
    while (this.#written > 0 && endOf(this.#frames[0]!) <= time) {
      this.#written--;
      this.#frames.shift()!.close();
    }
  }

  /** Nobody says anything any more. */
  release(): void {
    this.#from = undefined;
  }

  /** The session is gone: the next one has to hear it from the beginning. */
  rewind(): void {
    this.#written = 0;
  }

  clear(): void {
    for (const frame of this.#frames.splice(0)) frame.close();
    this.#written = 0;
    this.#from = undefined;
  }
}

function endOf(frame: AudioFrame): number {
  return frame.timestamp + frame.duration;
}
