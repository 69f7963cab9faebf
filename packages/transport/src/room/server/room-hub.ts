import { limits, line } from '@sluice/protocol';
import * as v from 'valibot';
import { idOfIdentity } from '../protocol/identity.ts';
import { checkOpen } from './entry-policy.ts';
import { type Admission, type HubConnection, type Join, type Joined, openConnection } from './hub-connection.ts';
import { type HubCounts, HubTally } from './hub-counts.ts';
import type { MemberSocket } from './members/member.ts';
import { RefusalError } from './refusal.ts';
import { Removals } from './removals.ts';
import { Room } from './room.ts';
import { openDirectory, type RoomDirectory } from './room-directory.ts';
import type { PresentParticipant, RoomOptions } from './room-options.ts';
import type { RoomProperties } from './room-properties.ts';
import type { TokenGrant, VerifyToken } from './room-tokens.ts';
import { ServiceEntries } from './services/service-entries.ts';

const names = v.looseObject({
  userName: v.optional(line(limits.userNameBytes)),
  userId: v.optional(line(limits.userIdBytes)),
});

export interface RoomHubOptions extends RoomOptions {
  readonly maxRooms: number;
  /** Default: none, and one that is given is refused; everybody may be the bot of any job. */
  readonly tokens?: VerifyToken | undefined;
  /** Default: every name is a room. */
  readonly directory?: RoomDirectory | undefined;
}

/** All rooms of a server. A room exists while somebody is in it, or waits. */
export class RoomHub {
  readonly #options: RoomHubOptions;
  readonly #directory: RoomDirectory;
  readonly #rooms = new Map<string, Room>();
  readonly #tally = new HubTally();
  readonly #entries = new ServiceEntries();
  readonly #removals: Removals;
  readonly #wallClock: () => number;

  constructor(options: RoomHubOptions) {
    this.#options = options;
    this.#directory = options.directory ?? openDirectory;
    this.#wallClock = options.wallClock ?? Date.now;
    this.#removals = new Removals(options.clock, this.#wallClock);
  }

  /** Names of the rooms that somebody is in. */
  get roomNames(): readonly string[] {
    return [...this.#rooms.keys()];
  }

  /** Who is shown in a room; nobody where there is no such room. */
  presence(room: string): readonly PresentParticipant[] {
    return this.#rooms.get(room)?.presence ?? [];
  }

  /** Removes participants from a room, by participant or user id. Returns how many it were. */
  eject(room: string, whom: { readonly ids?: readonly string[]; readonly userIds?: readonly string[] }): number {
    const { ids = [], userIds = [] } = whom;
    return this.#rooms.get(room)?.ejectWhere(({ id, userId }) => ids.includes(id) || userIds.includes(userId)) ?? 0;
  }

  /** Removes everybody from a room, as when it was deleted. */
  end(room: string, refusal: 'removed' | 'room-expired' = 'removed'): void {
    void this.#rooms.get(room)?.end(refusal, 'the room was ended');
  }

  /** The directory says something new of a room, or knows it no more, which ends it. */
  changed(room: string): void {
    const properties = this.#directory.find(room);
    if (properties === undefined) this.end(room);
    else this.#rooms.get(room)?.adopt(properties);
  }

  counts(): HubCounts {
    const { joined, resumed, received, relayed, granted, left, refused, denied } = this.#tally;
    const sum = { participants: 0, hidden: 0, detached: 0, waiting: 0, recordings: 0, transcriptions: 0 };
    for (const room of this.#rooms.values())
      for (const [key, value] of Object.entries(room.counts)) sum[key as keyof typeof sum] += value;
    const grown = { joined, resumed, received, relayed, granted };
    return {
      rooms: this.#rooms.size,
      ...sum,
      ...grown,
      left: { ...left },
      refused: { ...refused },
      denied: { ...denied },
    };
  }

  /** Serves one socket. `joined` is called when its first message was accepted. */
  connect(roomName: string, socket: MemberSocket, joined: Joined): HubConnection {
    return openConnection({
      socket,
      joined,
      tally: this.#tally,
      admission: (join) => this.#admission(roomName, join),
      enter: () => this.#enter(roomName),
      existing: () => this.#existing(roomName),
      sweep: (room) => this.#sweep(room),
    });
  }

  /** Closes every room. Resolves when what their services made is written. */
  async close(): Promise<void> {
    const rooms = [...this.#rooms.values()];
    await Promise.all(rooms.map((room) => room.end('closing', 'the server is closing')));
  }

  #enter(name: string): Room {
    const properties = this.#open(name);
    const existing = this.#rooms.get(name);
    if (existing !== undefined) {
      existing.adopt(properties);
      return existing;
    }
    if (this.#rooms.size >= this.#options.maxRooms)
      throw new RefusalError('too-many-rooms', 'the server has no room for another room');
    const room: Room = new Room(name, properties, this.#options, {
      tally: this.#tally,
      entries: this.#entries,
      removals: this.#removals,
      wallClock: this.#wallClock,
      empty: () => this.#sweep(room),
    });
    this.#rooms.set(name, room);
    return room;
  }

  #existing(name: string): Room {
    const room = this.#rooms.get(name);
    if (room === undefined) throw new RefusalError('unknown-session', 'there is no such session to resume');
    return room;
  }

  #sweep(room: Room): void {
    if (room.isEmpty && this.#rooms.get(room.name) === room) this.#rooms.delete(room.name);
  }

  /** What the room is told to be, if somebody may enter it now. */
  #open(name: string): RoomProperties {
    const properties = this.#directory.find(name);
    if (properties === undefined) throw new RefusalError('room-unknown', 'there is no room of this name');
    checkOpen(properties, this.#wallClock());
    return properties;
  }

  /** How somebody enters this room, if it and the job that they come for are theirs. */
  async #admission(room: string, { token, identity, lease }: Join): Promise<Admission> {
    const admission = await this.#byToken(room, token, identity);
    if (lease !== undefined && this.#options.tokens !== undefined && admission.grant.job !== lease.job)
      throw new RefusalError('lease-not-allowed', `the token does not make its bearer the bot of ${lease.job}`);
    return admission;
  }

  async #byToken(room: string, token: string | undefined, identity: string): Promise<Admission> {
    const service = token === undefined ? undefined : this.#entries.serviceOf(token, room);
    if (service !== undefined) return { grant: {}, service, waits: false };
    const { knocking = false, private: isPrivate = false } = this.#open(room);
    const waits = knocking && token === undefined;
    if (isPrivate && !waits && token === undefined)
      throw new RefusalError('token-required', 'this room is for those with a token');
    const grant = waits ? {} : await this.#grant(token, room);
    if (grant.expiresAt !== undefined && grant.expiresAt <= this.#wallClock())
      throw new RefusalError('token-expired', 'the token has expired');
    this.#removals.check(room, idOfIdentity(identity), grant);
    return { grant, waits };
  }

  async #grant(token: string | undefined, room: string): Promise<TokenGrant> {
    const verify = this.#options.tokens;
    if (verify === undefined) {
      if (token === undefined) return {};
      throw new RefusalError('token-unexpected', 'this server takes no tokens; join without one');
    }
    const grant = await verify(token, room);
    if (grant !== null) {
      // A name that no message may hold would end the session of everybody who is told of it.
      if (v.is(names, grant)) return grant;
      throw new RefusalError('token-invalid', 'the rule for tokens gives a name that cannot be one');
    }
    if (token === undefined) throw new RefusalError('token-required', 'this room is for those with a token');
    throw new RefusalError('token-invalid', 'the token does not open this room');
  }
}
