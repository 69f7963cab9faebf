import type { ServerMessage } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import { RefusalError } from '../refusal.ts';
import type { Knock, Lobby } from './lobby.ts';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';

export interface DoorOptions {
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

  constructor(options: DoorOptions) {
    this.#options = options;
  }

  knock(knock: Knock): void {
    this.#options.lobby.add(knock);
    // No session message: there is no session yet.
    knock.socket.send(JSON.stringify({ type: 'waiting' } satisfies ServerMessage));
    this.#tell();
  }

  /** Whoever waited does so no more. */
  unknock(knock: Knock): void {
    if (!this.#options.lobby.remove(knock)) return;
    this.#tell();
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

  #tell(): void {
    const { roster, lobby } = this.#options;
    roster.toHosts({ type: 'waiting-updated', waiting: lobby.list });
  }
}
