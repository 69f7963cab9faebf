import { type Cancel, SluiceError } from '@sluice/core';
import { createId } from '@sluice/protocol';
import type { RoomJoin } from '../driver.ts';
import { type EnteredRoom, enterRoom } from './enter-room.ts';
import type { RoomMedia } from './media/room-media.ts';
import type { Roster } from './members/roster.ts';
import type { RoomAddress } from './room-address.ts';
import { catchUp, type RoomEventTaker, takeRoomEvent } from './room-events.ts';
import type { JanusClient } from './wire/janus-client.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

/** After a restart of the server the others come back one by one; so long are they waited for, in milliseconds. */
const RETURN_MS = 10_000;

export interface RoomPresenceOptions {
  readonly join: RoomJoin;
  readonly address: RoomAddress;
  readonly client: JanusClient;
  readonly handle: JanusHandle;
  readonly room: EnteredRoom;
  readonly roster: Roster;
  readonly media: () => RoomMedia;
  /** Our display name now. */
  readonly display: () => string;
  readonly taker: RoomEventTaker;
}

/** Our place in a room, through breaks of the signalling and restarts of the server. */
export class RoomPresence {
  /** Of this stay, and another one after a restart of the server. */
  meetingId = createId();
  readonly #options: RoomPresenceOptions;
  #entered: EnteredRoom;
  #connected: (() => void)[] = [];
  /** Until when others may come back, whom a server that was started anew has not seen again. */
  #returns: Cancel | undefined;
  #over = false;

  constructor(options: RoomPresenceOptions) {
    this.#options = options;
    this.#entered = options.room;
  }

  /** As the server let us in last. */
  get entered(): EnteredRoom {
    return this.#entered;
  }

  /** Says our display name, also through a break of the signalling. */
  async say(display: string): Promise<void> {
    for (;;) {
      try {
        await this.#options.handle.ask({ request: 'configure', display }, 'to be called otherwise');
        return;
      } catch (error) {
        const isAway = error instanceof SluiceError && error.code === 'SLUICE_ROOM_LOST' && !this.#over;
        if (!isAway) throw error;
        await this.#reachable();
      }
    }
  }

  /** Resolves while the signalling is there, and at the end. */
  #reachable(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#over || this.#options.client.connected) resolve();
      else this.#connected.push(resolve);
    });
  }

  /** The signalling is back. */
  resume(): void {
    for (const resolve of this.#connected.splice(0)) resolve();
    const resumeMedia = () => this.#over || this.#options.media().resume();
    // Who was in the room before its server was started anew comes back one by one.
    if (this.#returns !== undefined) resumeMedia();
    else void this.#catchUp().finally(resumeMedia);
  }

  /** The server was started anew, or forgot us: enters the room as who we were. Rejects if it does not let us in. */
  async enterAgain(entering: JanusHandle): Promise<void> {
    const { client, handle, address, join, media, roster, display, taker } = this.#options;
    media().serverForgot();
    roster.serverForgot();
    const { feed } = this.#entered;
    this.#entered = await enterRoom(entering, address, { id: feed, display: display(), token: join.token });
    this.meetingId = createId();
    takeRoomEvent(this.#entered.joined, taker);
    if (this.#over) return;
    client.goOn(handle, entering);
    const { clock } = join;
    this.#returns?.();
    this.#returns = clock.at(clock.now() + RETURN_MS, () => {
      this.#returns = undefined;
      void this.#catchUp();
    });
  }

  close(): void {
    this.#over = true;
    for (const resolve of this.#connected.splice(0)) resolve();
    this.#returns?.();
  }

  async #catchUp(): Promise<void> {
    const { client, handle, join, roster, taker } = this.#options;
    const sources = (id: string, name: string) => roster.source(id, name) !== undefined;
    try {
      await catchUp({ client, handle, room: this.#entered, roster, removed: taker.over, sources });
    } catch (error) {
      if (!this.#over && client.connected) join.report(error);
    }
  }
}
