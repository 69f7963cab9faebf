import type { Cancel, Clock } from '@sluice/core';
import { type ServerMessage, TokenBucket } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import { RefusalError } from '../refusal.ts';
import type { Knock, Lobby } from './lobby.ts';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';

/** How often those who decide are told who waits, at once and a second in the long run. */
const UPDATES = 4;

export interface DoorOptions {
  readonly clock: Clock;
  readonly roster: Roster;
  readonly lobby: Lobby;
  /** Makes somebody who waited a member. Throws a RefusalError if the room takes nobody now. */
  readonly join: (knock: Knock) => Member;
  /** Somebody does not wait any more. */
  readonly left: () => void;
}

/** Lets people wait, in, or go. */
export class Door {
  readonly #options: DoorOptions;
  readonly #updates: TokenBucket;
  #cancelUpdate: Cancel | undefined;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#updates = new TokenBucket({ clock: options.clock, perSecond: UPDATES, burst: UPDATES });
  }

  knock(knock: Knock): void {
    this.#options.lobby.add(knock);
    // No session message: there is no session yet.
    knock.socket.send(JSON.stringify({ type: 'waiting' } satisfies ServerMessage));
    this.#changed();
  }

  /** Whoever waited does so no more. */
  unknock(knock: Knock): void {
    if (!this.#options.lobby.remove(knock)) return;
    this.#changed();
    this.#options.left();
  }

  admit(knock: Knock): void {
    try {
      const member = this.#options.join(knock);
      this.unknock(knock);
      knock.admitted(member);
    } catch (error) {
      throw error instanceof RefusalError ? new DenialError('state', error.message) : error;
    }
  }

  turnAway(knock: Knock): void {
    this.unknock(knock);
    knock.socket.refuse('not-admitted', 'you were not let in');
  }

  /** Nobody is told any more. */
  close(): void {
    this.#cancelUpdate?.();
    this.#cancelUpdate = undefined;
  }

  /** At once, but where people come and go all the time only a few times a second. */
  #changed(): void {
    if (this.#cancelUpdate !== undefined) return;
    const { clock } = this.#options;
    const waitMs = this.#updates.take();
    if (waitMs === 0) this.#tell();
    else this.#cancelUpdate = clock.at(clock.now() + waitMs, () => this.#tell());
  }

  #tell(): void {
    const { roster, lobby } = this.#options;
    this.#cancelUpdate = undefined;
    roster.toHosts({ type: 'waiting-updated', waiting: lobby.list });
  }
}
