import type { Cancel, Clock } from '@sluice/core';

/** A way that broke off comes back by itself as often as not: it has so long, in milliseconds. */
const BACK_MS = 1_000;
/** A restart that nobody answered is tried again after this, in milliseconds. */
const AGAIN_MS = 2_000;
/** A restart that was answered has so long to find a way, in milliseconds. */
const FOUND_MS = 5_000;
/** Without a way for so long it is over, in milliseconds: as long as consent to send lasts (RFC 7675). */
const LOST_MS = 30_000;

/** What came of asking for a restart: refused for good, or to be asked for again. */
export type RestartOutcome = 'restarted' | 'unanswered' | { readonly refused: string };

export interface IceRestartsOptions {
  readonly clock: Clock;
  /** Asks the far side for a restart. Does not reject. */
  readonly restart: () => Promise<RestartOutcome>;
  /** There is no way any more, and none to be had. */
  readonly lost: (what: string) => void;
}

/** When the way to an endpoint is looked for anew (RFC 9725, 4.3), and when it is given up. */
export class IceRestarts {
  readonly #options: IceRestartsOptions;
  #timer: Cancel = () => {};
  #deadline: Cancel = () => {};
  #asking = false;
  #away = false;
  #failed = false;
  #refused: string | undefined;
  /** Restarts that were answered since the way broke off. */
  #count = 0;

  constructor(options: IceRestartsOptions) {
    this.#options = options;
  }

  /** The way is there, or there again. */
  found(): void {
    this.close();
    this.#failed = false;
    this.#count = 0;
  }

  /** The way broke off; `failed`: it does not come back by itself. */
  broke(failed: boolean): void {
    this.#failed ||= failed;
    if (this.#refused !== undefined) return this.#giveUp(this.#refused);
    if (!this.#away) {
      this.#away = true;
      this.#deadline = this.#in(LOST_MS, () => this.#over(`no way was found within ${LOST_MS / 1_000} s`));
      this.#again(failed ? 0 : BACK_MS);
    } else if (failed && this.#count === 0) this.#again(0);
  }

  close(): void {
    this.#away = false;
    this.#timer();
    this.#deadline();
  }

  #again(ms: number): void {
    this.#timer();
    this.#timer = this.#in(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    const outcome = await this.#options.restart();
    this.#asking = false;
    if (!this.#away) return;
    if (outcome === 'restarted') {
      this.#count++;
      this.#failed = false;
      this.#again(FOUND_MS);
    } else if (outcome === 'unanswered') this.#again(AGAIN_MS);
    else this.#giveUp(outcome.refused);
  }

  /** Without restarts, what broke off may still come back until it has failed. */
  #giveUp(refused: string): void {
    this.#refused = refused;
    if (this.#failed) this.#over(refused);
  }

  #over(why: string): void {
    const tried = this.#count === 0 ? '' : `, by ${this.#count} restarts of ICE`;
    this.close();
    this.#options.lost(`the connection with the endpoint broke off: ${why}${tried}`);
  }

  #in(ms: number, work: () => void): Cancel {
    const { clock } = this.#options;
    return clock.at(clock.now() + ms, work);
  }
}
