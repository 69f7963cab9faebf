import type { Cancel, Clock } from '@sluice/core';
import type { HostPicture } from '../media-host.ts';

/** Pictures wait no longer, in milliseconds: what is more than 30 off the engine evens out by itself. */
const longestHoldMs = 60;
/** How much faster or slower than live pictures are shown while the wait changes: nobody sees it. */
const slew = 0.02;

/** Received pictures on their way to whoever wants them, which wait until their sound is heard. In order, none is lost. */
export class PictureHold {
  readonly #clock: Clock;
  readonly #deliver: (picture: HostPicture) => void;
  readonly #waiting: { readonly picture: HostPicture; readonly due: number }[] = [];
  #aimMs = 0;
  #holdMs = 0;
  #lastAt: number;
  #cancel: Cancel | undefined;

  constructor(clock: Clock, deliver: (picture: HostPicture) => void) {
    this.#clock = clock;
    this.#deliver = deliver;
    this.#lastAt = clock.now();
  }

  /** How long pictures shall wait from now on, in milliseconds; it gets there by 20 ms a second. */
  aim(ms: number): void {
    this.#aimMs = Math.min(longestHoldMs, Math.max(0, ms));
  }

  take(picture: HostPicture): void {
    const now = this.#clock.now();
    const step = (now - this.#lastAt) * slew;
    this.#holdMs += Math.max(-step, Math.min(step, this.#aimMs - this.#holdMs));
    this.#lastAt = now;
    if (this.#holdMs < 1 && this.#waiting.length === 0) return this.#deliver(picture);
    const before = this.#waiting.at(-1)?.due ?? now;
    this.#waiting.push({ picture, due: Math.max(before, now + this.#holdMs) });
    if (this.#cancel === undefined) this.#arm();
  }

  /** Nobody wants those that wait. */
  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.length = 0;
  }

  #arm(): void {
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#cancel = this.#clock.at(next.due, () => {
      this.#cancel = undefined;
      const now = this.#clock.now();
      while (this.#waiting[0] !== undefined && this.#waiting[0].due <= now)
        this.#deliver(this.#waiting.shift()!.picture);
      if (this.#cancel === undefined) this.#arm();
    });
  }
}
