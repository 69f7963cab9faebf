import type { ServerMessage } from '@sluice/protocol';
import type { Member } from './member.ts';

/** Who is in a room. */
export class Roster implements Iterable<Member> {
  readonly #members = new Map<string, Member>();

  get size(): number {
    return this.#members.size;
  }

  get shown(): readonly Member[] {
    return [...this].filter(({ isShown }) => isShown);
  }

  get counts() {
    const participants = this.shown.length;
    const detached = [...this].filter(({ socket }) => socket === undefined).length;
    return { participants, hidden: this.size - participants, detached };
  }

  /** Those who are shown, as told to those outside. */
  get presence() {
    return this.shown.map(({ id, userId, userName, joinedAt }) => ({ id, userId, userName, joinedAt }));
  }

  /** A copy, so that who is met may be removed. */
  [Symbol.iterator](): Iterator<Member> {
    return [...this.#members.values()][Symbol.iterator]();
  }

  get(id: string): Member | undefined {
    return this.#members.get(id);
  }

  has(member: Member): boolean {
    return this.#members.get(member.id) === member;
  }

  add(member: Member): void {
    this.#members.set(member.id, member);
  }

  /** Returns false if it was not there. */
  delete(member: Member): boolean {
    return this.has(member) && this.#members.delete(member.id);
  }

  broadcast(message: ServerMessage, except?: Member): void {
    const text = JSON.stringify(message);
    for (const member of this.#members.values()) if (member !== except) member.sendText(text);
  }

  /** To those who may decide on others. */
  toHosts(message: ServerMessage): void {
    const text = JSON.stringify(message);
    for (const member of this.#members.values()) if (member.isHost) member.sendText(text);
  }
}
