import type { Cancel, Clock } from '@sluice/core';
import type { ListenerState } from '../device-use.ts';

/** How long the first media waits for a far side that is being connected, in milliseconds. */
const LONGEST_HOLD_MS = 10_000;

/** The first media of a device: held back until a far side that is being connected can hear it, and never again. */
export class FirstMedia {
  readonly #clock: Clock;
  readonly #release: (held: readonly Int16Array[]) => void;
  /** Undefined once it was released. */
  #held: Int16Array[] | undefined = [];
  #patient = false;
  #cancel: Cancel | undefined;
  /** Samples per channel that are held. */
  frames = 0;
  /** Held media that was dropped by `drop`. */
  dropped = 0;

  constructor(clock: Clock, release: (held: readonly Int16Array[]) => void) {
    this.#clock = clock;
    this.#release = release;
  }

  /** Waits also for a first client, not only for a client's far side. */
  bePatient(): void {
    this.#patient = true;
  }

  /** Keeps samples; false if nothing is held back any more. */
  keep(samples: Int16Array, frames: number): boolean {
    if (this.#held === undefined) return false;
    this.#held.push(samples);
    this.frames += frames;
    this.#cancel ??= this.#clock.at(this.#clock.now() + LONGEST_HOLD_MS, () => this.#open());
    return true;
  }

  /** Somebody may hear it now: these are the clients that send the device. */
  look(states: readonly ListenerState[]): void {
    if (this.#held === undefined || this.#held.length === 0) return;
    const open = states.length === 0 ? !this.#patient : states.some((state) => state !== 'connecting');
    if (open) this.#open();
  }

  /** Returns samples per channel that were held. */
  drop(): number {
    const { frames } = this;
    if (this.#held !== undefined) this.#held = [];
    this.frames = 0;
    this.dropped += frames;
    return frames;
  }

  close(): void {
    this.#cancel?.();
  }

  #open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.frames = 0;
    this.#cancel?.();
    this.#release(held);
  }
}
