import type { Cancel, Clock } from '@sluice/core';

/** How often each side tells that it is there, in milliseconds. */
export const PULSE_MS = 500;
/** After so many pulses without a word the other side is gone: 3 s. Counted and not timed, since a loop that stood still heard nothing. */
const SILENT_PULSES = 6;
/** A newcomer is refused when the one before it has spoken so much later: it lives, whatever was under way. */
const PROOF_MS = 750;

/** Tells twice a second that a side of a link is there, and knows whether the other one is. */
export class Pulse {
  readonly #clock: Clock;
  readonly #beat: () => void;
  #cancel: Cancel = () => {};
  #silent = 0;
  #rival = 0;
  #rivalSince = 0;

  constructor(clock: Clock, beat: () => void) {
    this.#clock = clock;
    this.#beat = beat;
    this.#next();
  }

  /** The other side was not heard for so long that it is gone. */
  get silent(): boolean {
    return this.#silent >= SILENT_PULSES;
  }

  /** The other side was heard. Returns the newcomer that is to be refused, or 0. */
  heard(): number {
    this.#silent = 0;
    if (this.#rival === 0 || this.#clock.now() - this.#rivalSince < PROOF_MS) return 0;
    const refused = this.#rival;
    this.#rival = 0;
    return refused;
  }

  /** Another one than the one that is heard wants its place. */
  claimed(rival: number): void {
    if (this.#rival === rival) return;
    this.#rival = rival;
    this.#rivalSince = this.#clock.now();
  }

  /** Nobody can be heard just now. */
  rest(): void {
    this.#silent = 0;
  }

  /** The place is free, or taken anew. */
  reset(): void {
    this.#silent = 0;
    this.#rival = 0;
  }

  stop(): void {
    this.#cancel();
  }

  #next(): void {
    this.#cancel = this.#clock.at(this.#clock.now() + PULSE_MS, () => {
      this.#silent++;
      this.#next();
      this.#beat();
    });
  }
}

/** A number by which one side of a link is known: not 0. */
export function newIdentity(random: () => number): number {
  return 1 + Math.floor(random() * 0xffff_fffe);
}
