import { isSluiceError } from '@sluice/core';
import type { ClientMessage } from '@sluice/protocol';
import { readClientMessage } from '../protocol/read-message.ts';
import type { Member, MemberSocket } from './member.ts';
import { RefusalError } from './refusal.ts';
import { Room, type RoomOptions } from './room.ts';
import type { TokenGrant, VerifyToken } from './room-tokens.ts';

export interface RoomHubOptions extends RoomOptions {
  readonly maxRooms: number;
  readonly tokens?: VerifyToken | undefined;
}

/** What one client's socket reports to. */
export interface HubConnection {
  message(text: string): void;
  closed(): void;
}

/** All rooms of a server. A room exists while somebody is in it. */
export class RoomHub {
  readonly #options: RoomHubOptions;
  readonly #rooms = new Map<string, Room>();

  constructor(options: RoomHubOptions) {
    this.#options = options;
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
      room = this.#room(roomName, message.type === 'join');
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
      accept(message, message.type === 'join' ? await this.#grant(message.token, roomName) : {});
    };
    return {
      message: (text) => {
        if (state === 'over') return;
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

  #room(name: string, create: boolean): Room {
    const existing = this.#rooms.get(name);
    if (existing !== undefined) return existing;
    if (!create) throw new RefusalError('unknown-session', 'there is no such session to resume');
    if (this.#rooms.size >= this.#options.maxRooms)
      throw new RefusalError('too-many-rooms', 'the server has no room for another room');
    const room: Room = new Room(name, this.#options, () => this.#sweep(room));
    this.#rooms.set(name, room);
    return room;
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
