import type { Cancel, Clock } from '@sluice/core';

/** How long nothing may move before it is told, in milliseconds. */
const STANDSTILL_MS = 10_000;

/** Tells, once each time, when nothing has moved for ten seconds while somebody waited. */
export class Standstill {
  readonly #clock: Clock;
  readonly #isStanding: () => boolean;
  readonly #tell: () => void;
  #cancel: Cancel | undefined;
  #moves = 0;
  #seen = 0;

  /** @param isStanding whether somebody waits still; asked at the end of the ten seconds */
  constructor(clock: Clock, isStanding: () => boolean, tell: () => void) {
    this.#clock = clock;
    this.#isStanding = isStanding;
    this.#tell = tell;
  }

  moved(): void {
    this.#moves++;
  }

  /** Somebody waits. */
  arm(): void {
    if (this.#cancel !== undefined) return;
    this.#seen = this.#moves;
    this.#cancel = this.#clock.at(this.#clock.now() + STANDSTILL_MS, this.#look);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #look = (): void => {
    this.#cancel = undefined;
    if (!this.#isStanding()) return;
    if (this.#moves === this.#seen) this.#tell();
    else this.arm();
  };
}
