import type { Cancel, Clock } from '@sluice/core';
import type { HostConnection, HostIceCandidate } from '../host/media-host.ts';

/**
 * An offer goes out so long after its last candidate: one STUN server that is dead holds "gathering complete" for 40 s in
 * every engine. Milliseconds.
 */
const QUIET_MS = 1_000;
/** Candidates that keep coming are not waited for longer. */
const LONGEST_MS = 4_000;

/** Collects what candidates a connection has, and says when a description may go out with them. */
export class Gathering {
  readonly #clock: Clock;
  readonly #cancels: Cancel[];
  #found: HostIceCandidate[] = [];
  #complete = false;
  #late: ((candidate: HostIceCandidate) => void) | undefined;
  #cancelTimer: Cancel = () => {};
  #moved = () => {};
  #settle = () => {};

  constructor(connection: HostConnection, clock: Clock) {
    this.#clock = clock;
    this.#cancels = [
      connection.on('candidate', (candidate) => this.#add(candidate)),
      connection.on('gathered', () => {
        this.#complete = true;
        this.#moved();
      }),
    ];
  }

  get complete(): boolean {
    return this.#complete;
  }

  /** Resolves with the candidates when all are there, when none came for a second, or when it is closed. */
  settled(): Promise<readonly HostIceCandidate[]> {
    const end = this.#clock.now() + LONGEST_MS;
    return new Promise((resolve) => {
      const done = () => {
        this.#cancelTimer();
        this.#moved = () => {};
        resolve(this.#found);
      };
      this.#settle = done;
      this.#moved = () => {
        if (this.#complete) return done();
        this.#cancelTimer();
        this.#cancelTimer = this.#clock.at(Math.min(end, this.#clock.now() + QUIET_MS), done);
      };
      this.#moved();
    });
  }

  /** Tells what comes from now on, and what came since it had settled. */
  onLate(since: number, listener: (candidate: HostIceCandidate) => void): void {
    this.#late = listener;
    for (const candidate of this.#found.slice(since)) listener(candidate);
  }

  close(): void {
    this.#cancelTimer();
    for (const cancel of this.#cancels) cancel();
    this.#settle();
  }

  #add(candidate: HostIceCandidate): void {
    if (candidate.candidate === '') return;
    this.#found.push(candidate);
    if (this.#late === undefined) this.#moved();
    else this.#late(candidate);
  }
}
