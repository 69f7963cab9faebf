import { limits, type WaitingInfo } from '@sluice/protocol';
import { idOfIdentity } from '../../protocol/identity.ts';
import { RefusalError } from '../refusal.ts';
import type { Member, MemberInit, MemberSocket } from './member.ts';

/** Somebody at the door. It is told nothing but that it waits. */
export interface Knock {
  readonly init: MemberInit;
  readonly socket: MemberSocket;
  readonly admitted: (member: Member) => void;
}

/** Who waits to be let in. */
export class Lobby {
  readonly #waiting = new Map<string, Knock>();
  /** What ends that one counts at its address. */
  readonly #ends = new Map<Knock, () => void>();

  get size(): number {
    return this.#waiting.size;
  }

  get list(): WaitingInfo[] {
    return [...this.#waiting].map(([id, { init }]) => ({ id, userName: init.userName, userId: '' }));
  }

  /** A copy, so that who is met may be removed. */
  get knocks(): readonly Knock[] {
    return [...this.#waiting.values()];
  }

  get(id: string): Knock | undefined {
    return this.#waiting.get(id);
  }

  add(knock: Knock): void {
    const id = idOfIdentity(knock.init.identity);
    if (this.#waiting.has(id)) throw new RefusalError('illegal-order', 'this participant waits already');
    if (this.#waiting.size >= limits.waiting)
      throw new RefusalError('room-full', `${limits.waiting} wait already, which is the most`);
    const end = knock.socket.wait?.();
    if (end === null) throw new RefusalError('rate', 'too many of this address wait already');
    if (end !== undefined) this.#ends.set(knock, end);
    this.#waiting.set(id, knock);
  }

  /** Returns false if it did not wait. */
  remove(knock: Knock): boolean {
    const id = idOfIdentity(knock.init.identity);
    if (this.#waiting.get(id) !== knock) return false;
    this.#ends.get(knock)?.();
    this.#ends.delete(knock);
    return this.#waiting.delete(id);
  }
}
