import type { Cancel, Clock } from '@sluice/core';

/** What a session does now; `by` says who muted it. */
export type SessionState =
  | {
      /** What it does now; `ended` is final. */
      readonly state: 'listening' | 'thinking' | 'speaking' | 'ended';
    }
  | {
      readonly state: 'muted';
      /** As `mute(by)` was told. */
      readonly by: string;
    };

/**
 * Sees to it that no state lasts past its bound without an action: a session is never alive and mute. Each state is
 * entered with its bound and with what is done when it is reached; entering the same one again begins the bound anew.
 */
export class Liveness {
  readonly #clock: Clock;
  readonly #onState: ((state: SessionState) => void) | undefined;
  #current: SessionState = { state: 'listening' };
  #since: number;
  #timer: Cancel | undefined;

  constructor(clock: Clock, onState?: (state: SessionState) => void) {
    this.#clock = clock;
    this.#onState = onState;
    this.#since = clock.now();
  }

  get current(): SessionState {
    return this.#current;
  }

  /** For how long it has been in this state, in milliseconds. */
  get forMs(): number {
    return this.#clock.now() - this.#since;
  }

  enter(next: SessionState, boundMs: number, pastBound: () => void): void {
    this.#timer?.();
    this.#timer = undefined;
    if (this.#current.state === 'ended') return;
    const isNew = next.state !== this.#current.state;
    this.#current = next;
    if (isNew) this.#since = this.#clock.now();
    if (Number.isFinite(boundMs)) this.#timer = this.#clock.at(this.#clock.now() + boundMs, pastBound);
    if (isNew) this.#onState?.(next);
  }

  end(): void {
    this.enter({ state: 'ended' }, Number.POSITIVE_INFINITY, () => {});
  }
}
