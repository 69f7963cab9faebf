import type { Clock } from '@sluice/core';
import { RefusalError } from './refusal.ts';
import type { TokenGrant } from './room-tokens.ts';

/** So many are remembered; the oldest are forgotten first. */
const MOST = 10_000;
/** A client that comes back by itself does so within this time, in milliseconds: it is not to come back. */
const RETURN_MS = 60_000;

interface Removal {
  /** Milliseconds of the clock. */
  readonly until: number;
}

/** Who was removed, and with which token: neither opens a room again. */
export class Removals {
  readonly #clock: Clock;
  readonly #wallClock: () => number;
  readonly #removals = new Map<string, Removal>();

  constructor(clock: Clock, wallClock: () => number) {
    this.#clock = clock;
    this.#wallClock = wallClock;
  }

  add(room: string, id: string, { tokenId, expiresAt }: TokenGrant): void {
    const now = this.#clock.now();
    this.#keep(keyOf(room, id), now + RETURN_MS);
    if (tokenId === undefined) return;
    const life = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - this.#wallClock();
    this.#keep(tokenKey(tokenId), now + life);
  }

  /** Turns away who was removed. */
  check(room: string, id: string, { tokenId }: TokenGrant): void {
    const token = tokenId !== undefined && this.#has(tokenKey(tokenId));
    if (token || this.#has(keyOf(room, id))) throw new RefusalError('removed', 'you were removed from the room');
  }

  #keep(key: string, until: number): void {
    this.#removals.delete(key);
    this.#removals.set(key, { until });
    if (this.#removals.size <= MOST) return;
    for (const [old, removal] of this.#removals) if (removal.until <= this.#clock.now()) this.#removals.delete(old);
    for (const old of this.#removals.keys()) {
      if (this.#removals.size <= MOST) break;
      this.#removals.delete(old);
    }
  }

  #has(key: string): boolean {
    const removal = this.#removals.get(key);
    return removal !== undefined && removal.until > this.#clock.now();
  }
}

const keyOf = (room: string, id: string) => `room/${room}/${id}`;
const tokenKey = (id: string) => `token/${id}`;
