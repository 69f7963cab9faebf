import type { Cancel, Clock } from '@sluice/core';

export interface CompanyOptions {
  readonly clock: Clock;
  /** How long nobody may be there, in milliseconds. */
  readonly aloneMs: number;
  readonly onAlone: () => void;
}

/** Whether anybody is there to talk to, and for how long nobody has been. Before somebody came nobody is missed. */
export class Company {
  readonly #options: CompanyOptions;
  #present: boolean | undefined;
  #isTold = false;
  #closed = false;
  #cancel: Cancel = () => {};

  constructor(options: CompanyOptions) {
    this.#options = options;
  }

  /** Those who are heard say so. Somebody who has told otherwise knows better. */
  follow(present: boolean): void {
    if (!this.#isTold && (present || this.#present !== undefined)) this.#set(present);
  }

  /** Somebody who knows tells so: from now on it is as they say. */
  tell(present: boolean): void {
    this.#isTold = true;
    this.#set(present);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #set(present: boolean): void {
    if (this.#closed || present === this.#present) return;
    const { clock, aloneMs, onAlone } = this.#options;
    this.#present = present;
    this.#cancel();
    this.#cancel = present || !Number.isFinite(aloneMs) ? () => {} : clock.at(clock.now() + aloneMs, onAlone);
  }
}
