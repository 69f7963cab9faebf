import type { Micros } from '@sluice/core';

/** A picture that is later than this begins the schedule anew instead of hurrying those behind it. In milliseconds. */
const REANCHOR_MS = 200;

/** When the pictures of a stream are due: by their timestamps, on an absolute schedule that the first one begins. */
export class PictureSchedule {
  /** Clock time of media time 0, in milliseconds. */
  #origin: number | undefined;
  #last = Number.NEGATIVE_INFINITY;

  /**
   * Clock time in milliseconds at which a picture is due, `now` or later. One whose time goes back is due at once, like
   * one that is late.
   */
  due(timestamp: Micros, now: number): number {
    const media = timestamp / 1000;
    const due = this.#origin === undefined || media < this.#last ? undefined : this.#origin + media;
    if (due === undefined || now - due > REANCHOR_MS) this.#origin = now - media;
    this.#last = media;
    return due === undefined ? now : Math.max(due, now);
  }

  /** It stood still for so many milliseconds. */
  delay(ms: number): void {
    if (this.#origin !== undefined) this.#origin += ms;
  }

  /** The next picture begins it anew. */
  restart(): void {
    this.#origin = undefined;
  }
}
