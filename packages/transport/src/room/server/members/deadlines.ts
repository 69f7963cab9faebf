import type { Cancel, Clock } from '@sluice/core';
import type { RoomProperties } from '../room-properties.ts';
import type { TokenGrant } from '../room-tokens.ts';

/** Times that people set, on the clock of a room. */
export class Deadlines {
  readonly #clock: Clock;
  readonly #wallClock: () => number;

  constructor(clock: Clock, wallClock: () => number) {
    this.#clock = clock;
    this.#wallClock = wallClock;
  }

  /** When those inside have to leave because the room has expired. */
  ofRoom({ expiresAt, ejectAtExpiry }: RoomProperties, expired: () => void): Cancel {
    return this.#at(expiresAt === undefined ? undefined : Date.parse(expiresAt), ejectAtExpiry, expired);
  }

  /** When somebody has to leave because its token has expired. */
  ofToken({ expiresAt, ejectAtExpiry }: TokenGrant, expired: () => void): Cancel {
    return this.#at(expiresAt, ejectAtExpiry, expired);
  }

  #at(time: number | undefined, isKept: boolean | undefined, callback: () => void): Cancel {
    if (time === undefined || isKept !== true) return () => {};
    return this.#clock.at(this.#clock.now() + time - this.#wallClock(), callback);
  }
}
