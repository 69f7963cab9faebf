import type { Cancel, Clock } from '@sluice/core';
import type { Peer } from './peer.ts';

/** How often we tell the server that a participant without a socket is still heard, in milliseconds. */
const WITNESS_MS = 1_000;
/** After a restart of the server the others come back one by one; so long is their media kept, in milliseconds. */
const RETURN_MS = 10_000;
/** What is asked of the room after a restart waits so long for those who are to hear of it, in milliseconds. */
const SETTLE_MS = 3_000;

export interface AbsenteesHost {
  readonly clock: Clock;
  readonly peers: ReadonlyMap<string, Peer>;
  /** Tells the server who is there although it has no socket. */
  alive(ids: string[]): void;
  /** A participant did not come back. */
  lost(id: string): void;
}

/** Participants whose socket is gone, or whom a server that was restarted has not seen again: their media goes on. */
export class Absentees {
  readonly #host: AbsenteesHost;
  #cancelWitness: Cancel | undefined;
  #cancelReturn: Cancel = () => {};
  #cancelSettle: Cancel = () => {};
  #onSettled: (() => void) | undefined;

  constructor(host: AbsenteesHost) {
    this.#host = host;
  }

  /** Somebody's socket is gone, or back. */
  detached(id: string, detached: boolean): void {
    const { clock, peers } = this.#host;
    const peer = peers.get(id);
    if (peer === undefined) return;
    peer.detached = detached;
    this.#cancelWitness ??= clock.at(clock.now(), this.#witness);
  }

  /** The server knows nobody any more. `settled` is called, later, when all are back or a moment has passed. */
  serverForgot(settled: () => void): void {
    const { clock, peers } = this.#host;
    for (const peer of peers.values()) {
      peer.detached = false;
      peer.missing = true;
    }
    this.#cancelReturn();
    this.#cancelReturn = clock.at(clock.now() + RETURN_MS, () => {
      for (const [id, peer] of this.#host.peers) if (peer.missing) this.#host.lost(id);
    });
    this.#cancelSettle();
    this.#onSettled = settled;
    this.#cancelSettle = clock.at(clock.now() + SETTLE_MS, this.#settle);
  }

  /** Somebody is back, or gone for good. */
  returned(): void {
    if (![...this.#host.peers.values()].some((peer) => peer.missing)) this.#settle();
  }

  close(): void {
    this.#cancelWitness?.();
    this.#cancelReturn();
    this.#cancelSettle();
  }

  #settle = (): void => {
    this.#cancelSettle();
    const settled = this.#onSettled;
    this.#onSettled = undefined;
    settled?.();
  };

  #witness = (): void => {
    const { clock, peers } = this.#host;
    this.#cancelWitness = undefined;
    const detached = [...peers.values()].filter((peer) => peer.detached);
    if (detached.length === 0) return;
    const ids = detached.filter((peer) => peer.alive).map((peer) => peer.info.id);
    if (ids.length > 0) this.#host.alive(ids);
    this.#cancelWitness = clock.at(clock.now() + WITNESS_MS, this.#witness);
  };
}
