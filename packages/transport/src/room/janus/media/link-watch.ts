import type { Cancel, Clock } from '@sluice/core';
import type { HostConnectionEvents } from '../../../host/media-host.ts';

/** How long a connection may take to come up once both descriptions are said. The engine itself gives up after some 15 to 30 s. Milliseconds. */
const CONNECT_MS = 5_000;
/** How long a connection may be broken until ICE is restarted, and how often it is after that. Milliseconds. */
const FIRST_RESTART_MS = 1_000;
const NEXT_RESTART_MS = 4_000;
/** After so many in one break the connection is made anew. */
const MOST_RESTARTS = 3;

export interface LinkWatchOptions {
  readonly clock: Clock;
  readonly restart: () => void;
  readonly rebuild: () => void;
  readonly changed: (state: 'interrupted' | 'connected') => void;
}

/** Watches one connection with the server and mends it: a restart of ICE, and if that does not help, another connection. */
export class LinkWatch {
  readonly #options: LinkWatchOptions;
  #cancel: Cancel = () => {};
  #restarts = 0;
  #broken = false;
  #connected = false;

  constructor(options: LinkWatchOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get broken(): boolean {
    return this.#broken;
  }

  state(state: HostConnectionEvents['state']): void {
    if (state === 'connected') return this.#mended();
    if (state === 'disconnected' || state === 'failed') this.down();
  }

  /** Nothing passes, whoever says so. */
  down(): void {
    this.#connected = false;
    if (this.#broken) return;
    this.#broken = true;
    this.#options.changed('interrupted');
    this.#schedule(FIRST_RESTART_MS);
  }

  /** The network may be another one: not to be waited for. */
  retry(): void {
    if (this.#broken) this.#mend();
  }

  /** The connection is a new one. */
  renew(): void {
    this.#connected = false;
    this.#restarts = 0;
    // It is not to be restarted for what the one before it did not do.
    if (this.#broken) this.#schedule(CONNECT_MS);
  }

  /** Both descriptions are said: it is to come up now. */
  negotiated(): void {
    if (!this.#connected && !this.#broken) this.#schedule(CONNECT_MS);
  }

  close(): void {
    this.#cancel();
  }

  #mended(): void {
    this.#cancel();
    this.#restarts = 0;
    this.#connected = true;
    if (!this.#broken) return;
    this.#broken = false;
    this.#options.changed('connected');
  }

  #schedule(ms: number): void {
    const { clock } = this.#options;
    this.#cancel();
    this.#cancel = clock.at(clock.now() + ms, () => this.#mend());
  }

  #mend(): void {
    this.#schedule(NEXT_RESTART_MS);
    if (this.#restarts++ < MOST_RESTARTS) return this.#options.restart();
    this.#restarts = 0;
    this.#options.rebuild();
  }
}
