import type { SluiceError } from '@sluice/core';

/** What the connections of one client found out about its TURN servers: told once, and not by each of them. */
export class RelayFaults {
  readonly #report: (error: SluiceError) => void;
  #servers: object | undefined;
  #told = false;

  constructor(report: (error: SluiceError) => void) {
    this.#report = report;
  }

  /** A connection got no relay. Told again when there had been one since, or with other servers. */
  missing(servers: object, error: SluiceError): void {
    if (this.#servers === servers && this.#told) return;
    this.#servers = servers;
    this.#told = true;
    this.#report(error);
  }

  /** A connection got one. */
  found(): void {
    this.#told = false;
  }
}
