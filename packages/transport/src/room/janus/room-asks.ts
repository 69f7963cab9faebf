import { type Ask, type Grant, json, limits, line, lines, utf8Bytes } from '@sluice/protocol';
import * as v from 'valibot';
import type { RoomNews, RoomParticipant } from '../driver.ts';
import { kick } from './kick.ts';
import { denied, type OwnCard } from './members/own-card.ts';
import type { OwnRights } from './members/own-rights.ts';
import type { CardMessage } from './members/participant-card.ts';
import type { Roster } from './members/roster.ts';
import type { RoomAddress } from './room-address.ts';
import { isJanusCode } from './wire/janus-errors.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

const UNAUTHORIZED = 433;
/** The longest list of changes that others are asked for, beside what else a card has. */
const UPDATES_BYTES = 16 * 1024;
/** What others say is held to what the embedded room server takes. */
const appMessage = json(limits.appMessageBytes);
const chatLine = v.pipe(lines(limits.appMessageBytes), v.minLength(1));
const chatName = v.optional(line(limits.userNameBytes));

export interface RoomAsksOptions {
  readonly address: RoomAddress;
  readonly handle: JanusHandle;
  readonly roster: Roster;
  readonly card: OwnCard;
  readonly rights: OwnRights;
  /** As the server has it. */
  readonly room: () => string | number;
  readonly self: () => RoomParticipant;
  readonly tell: (news: RoomNews) => void;
}

/** What is asked of the room and of the others in it, and what they say. */
export class RoomAsks {
  readonly #options: RoomAsksOptions;

  constructor(options: RoomAsksOptions) {
    this.#options = options;
  }

  /** @throws `SLUICE_ROOM_DENIED`, as embedded rooms do; what the server refuses it with. */
  async ask(ask: Ask): Promise<Grant> {
    const { card, roster, rights } = this.#options;
    if (ask.ask === 'app-message') {
      const { to, data } = ask;
      if (to !== undefined && roster.get(to) === undefined)
        throw denied(ask.ask, 'unknown-participant', `nobody here is ${to}`);
      await card.message({ kind: 'app-message', data, ...(to !== undefined && { to }) }, ask.ask);
    } else if (ask.ask === 'chat') {
      const { text, userName } = ask;
      await card.message({ kind: 'chat', data: text, ...(userName !== undefined && { userName }) }, ask.ask);
    } else if (ask.ask === 'update-participants') await this.#update(ask.updates);
    else if (ask.ask === 'update-permissions') rights.updateOwn(ask.permissions);
    else if (ask.ask === 'eject') await this.#eject(ask.ids);
    else throw denied(ask.ask, 'unavailable', 'the VideoRoom of Janus cannot do it');
    return {};
  }

  /** Somebody said something. What an embedded room would not pass on is passed over, whole. */
  take(from: RoomParticipant, { kind, to, data, userName }: CardMessage): void {
    const { self, tell, rights } = this.#options;
    if (kind === 'update') return rights.take(from, data);
    if (to !== undefined && to !== self().id) return;
    if (kind === 'app-message') {
      if (v.is(appMessage, data)) tell({ type: kind, from: from.id, data });
      return;
    }
    if (!v.is(chatLine, data) || !v.is(chatName, userName)) return;
    const at = new Date().toISOString();
    tell({ type: kind, from: from.id, userName: userName ?? from.userName, text: data, at });
  }

  /** Each does by itself what it is asked for, and shows it. */
  async #update(updates: Extract<Ask, { readonly ask: 'update-participants' }>['updates']): Promise<void> {
    const { card, rights, self } = this.#options;
    const asked = 'update-participants';
    rights.check(updates);
    if (utf8Bytes(JSON.stringify(updates)) > UPDATES_BYTES)
      throw denied(asked, 'rate', `changes of more than ${UPDATES_BYTES} bytes at once`);
    await card.message({ kind: 'update', data: updates }, asked);
    rights.take(self(), updates);
  }

  async #eject(ids: readonly string[]): Promise<void> {
    const { address, room, handle, roster } = this.#options;
    const { secret } = address;
    if (secret === undefined) throw denied('eject', 'not-allowed', 'it takes the secret of the room (?secret=)');
    for (const id of ids) {
      const feed = roster.feedOf(id);
      if (feed === undefined) throw denied('eject', 'unknown-participant', `nobody here is ${id}`);
      try {
        await kick(handle, room(), secret, feed);
      } catch (error) {
        if (!isJanusCode(error, UNAUTHORIZED)) throw error;
        throw denied('eject', 'not-allowed', 'the room has another secret');
      }
    }
  }
}
