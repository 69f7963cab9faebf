import { isSluiceError } from '@sluice/core';
import type { ClientMessage, Refusal } from '@sluice/protocol';
import { readClientMessage } from '../protocol/read-message.ts';
import { checkOpen } from './entry-policy.ts';
import { type HubCounts, HubTally } from './hub-counts.ts';
import type { Member, MemberSocket } from './member.ts';
import { RefusalError } from './refusal.ts';
import { type PresentParticipant, Room, type RoomOptions } from './room.ts';
import { openDirectory, type RoomDirectory } from './room-directory.ts';
import type { RoomProperties } from './room-properties.ts';
import type { TokenGrant, VerifyToken } from './room-tokens.ts';

export interface RoomHubOptions extends RoomOptions {
  readonly maxRooms: number;
  /** Default: none, and one that is given is refused. */
  readonly tokens?: VerifyToken | undefined;
  /** Default: every name is a room. */
  readonly directory?: RoomDirectory | undefined;
}

/** What one client's socket reports to. */
export interface HubConnection {
  message(text: string): void;
  /** The socket told its client so, and closes. */
  refused(refusal: Refusal): void;
  closed(): void;
}

/** All rooms of a server. A room exists while somebody is in it. */
export class RoomHub {
  readonly #options: RoomHubOptions;
  readonly #directory: RoomDirectory;
  readonly #rooms = new Map<string, Room>();
  readonly #tally = new HubTally();

  constructor(options: RoomHubOptions) {
    this.#options = options;
    this.#directory = options.directory ?? openDirectory;
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
    this.#rooms.get(room)?.end(refusal, 'the room was ended');
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
  connect(roomName: string, socket: MemberSocket, joined: () => void): HubConnection {
    let member: Member | undefined;
    let room: Room | undefined;
    let state: 'new' | 'joining' | 'joined' | 'over' = 'new';

    const refuse = (error: unknown) => {
      state = 'over';
      if (error instanceof RefusalError) socket.refuse(error.refusal, error.message);
      else if (isSluiceError(error))
        socket.refuse(error.code === 'SLUICE_ROOM_VERSION' ? 'version' : 'malformed', error.message.slice(0, 400));
      else socket.refuse('malformed', 'the message could not be handled');
    };
    const accept = (message: ClientMessage, grant: TokenGrant) => {
      // The socket may have closed while the token was looked at.
      if (state !== 'joining') return;
      room = message.type === 'join' ? this.#enter(roomName) : this.#existing(roomName);
      try {
        if (message.type === 'join') member = room.join({ ...message, grant }, socket);
        else if (message.type === 'resume') member = room.resume(message, socket);
        else throw new RefusalError('illegal-order', `${message.type} is not allowed before joining`);
      } finally {
        this.#sweep(room);
      }
      state = 'joined';
      joined();
    };
    const open = async (message: ClientMessage) => {
      state = 'joining';
      accept(message, message.type === 'join' ? await this.#admission(message.token, roomName) : {});
    };
    return {
      message: (text) => {
        if (state === 'over') return;
        this.#tally.received++;
        try {
          const message = readClientMessage(text);
          if (state === 'joining') throw new RefusalError('illegal-order', 'wait for the welcome');
          if (state === 'joined') room!.receive(member!, message);
          else open(message).catch(refuse);
          if (message.type === 'leave') state = 'over';
        } catch (error) {
          refuse(error);
          if (member !== undefined) room?.detach(member, socket);
        }
      },
      refused: (refusal) => this.#tally.countRefused(refusal),
      closed: () => {
        state = 'over';
        if (member !== undefined) room?.detach(member, socket);
      },
    };
  }

  close(): void {
    for (const room of this.#rooms.values()) room.close();
    this.#rooms.clear();
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
    const room: Room = new Room(name, properties, this.#options, this.#tally, () => this.#sweep(room));
    this.#rooms.set(name, room);
    return room;
  }

  #existing(name: string): Room {
    const room = this.#rooms.get(name);
    if (room === undefined) throw new RefusalError('unknown-session', 'there is no such session to resume');
    return room;
  }

  /** What the room is told to be, if somebody may enter it now. */
  #open(name: string): RoomProperties {
    const properties = this.#directory.find(name);
    if (properties === undefined) throw new RefusalError('room-unknown', 'there is no room of this name');
    checkOpen(properties, this.#options.wallClock?.() ?? Date.now());
    return properties;
  }

  /** What somebody with this token gets in this room, if it is for them. */
  async #admission(token: string | undefined, room: string): Promise<TokenGrant> {
    const properties = this.#open(room);
    if (properties.private === true && token === undefined)
      throw new RefusalError('token-required', 'this room is for those with a token');
    return this.#grant(token, room);
  }

  #sweep(room: Room): void {
    if (room.size === 0 && this.#rooms.get(room.name) === room) this.#rooms.delete(room.name);
  }

  async #grant(token: string | undefined, room: string): Promise<TokenGrant> {
    const verify = this.#options.tokens;
    if (verify === undefined) {
      if (token === undefined) return {};
      throw new RefusalError('token-unexpected', 'this server takes no tokens; join without one');
    }
    const grant = await verify(token, room);
    if (grant !== null) return grant;
    if (token === undefined) throw new RefusalError('token-required', 'this room is for those with a token');
    throw new RefusalError('token-invalid', 'the token does not open this room');
  }
}
