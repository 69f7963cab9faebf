// The rooms that somebody made, in memory: what each is told to be, and whose it is. Knows no HTTP, no socket and nobody
// who is inside.

import { invalidArgument } from '@sluice/core';
import { isRoomName } from '@sluice/protocol';
import type { RoomDirectory } from '../room-directory.ts';
import type { RoomProperties } from '../room-properties.ts';
import { readRoomProperties } from './room-fields.ts';

/** Who may open a room by joining it. */
export const roomCreations = ['anyone', 'listed'] as const;
/** `anyone`: every name is a room, whoever comes first makes it. `listed`: there are no rooms but those of the list. */
export type RoomCreation = (typeof roomCreations)[number];

/** Names of deleted rooms that are remembered, so that nobody walks into what was a private room. The oldest go first. */
const DELETED = 10_000;

/** Paths of the server that a room would hide. */
const reserved: readonly string[] = ['healthz', 'v1'];

/** Whose rooms those are that the server's options name, and that whoever comes first makes. */
export const SERVER_TENANT = '';

export interface ListedRoom {
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly properties: RoomProperties;
}

export interface RoomListOptions {
  /** Rooms from the beginning, by name. Default: none. */
  readonly rooms?: Readonly<Record<string, RoomProperties>> | undefined;
  /** Default: `anyone`. */
  readonly creation?: RoomCreation | undefined;
  /** Most rooms it holds. When it is full, those go that have expired. */
  readonly most: number;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

export class RoomList implements RoomDirectory {
  readonly #options: RoomListOptions;
  readonly #rooms = new Map<string, ListedRoom & { readonly tenant: string }>();
  readonly #deleted = new Set<string>();

  /** @throws TypeError for a room that cannot be, by its name. */
  constructor(options: RoomListOptions) {
    this.#options = options;
    const { rooms = {}, creation = 'anyone', most } = options;
    if (!roomCreations.includes(creation))
      throw invalidArgument('roomCreation', `one of ${roomCreations.join(', ')}`, creation);
    const count = Object.keys(rooms).length;
    if (count > most) throw invalidArgument('rooms', `at most ${most} rooms`, count);
    for (const [name, properties] of Object.entries(rooms)) {
      if (!isRoomName(name) || reserved.includes(name))
        throw invalidArgument('rooms', `names of 1 to 128 of A-Z a-z 0-9 _ -, none of ${reserved.join(', ')}`, name);
      this.create(SERVER_TENANT, name, readRoomProperties(`rooms.${name}`, properties));
    }
  }

  get size(): number {
    return this.#rooms.size;
  }

  find(name: string): RoomProperties | undefined {
    const listed = this.#rooms.get(name);
    if (listed !== undefined) return listed.properties;
    return this.#options.creation === 'listed' || this.#deleted.has(name) ? undefined : {};
  }

  /** A room of this tenant. Those of others are as if they were not there. */
  get(tenant: string, name: string): ListedRoom | undefined {
    const room = this.#rooms.get(name);
    return room?.tenant === tenant ? room : undefined;
  }

  /** Whether a tenant decides on what happens in a room, listed or not. */
  governs(tenant: string, name: string): boolean {
    const room = this.#rooms.get(name);
    return room === undefined ? tenant === SERVER_TENANT && this.find(name) !== undefined : room.tenant === tenant;
  }

  create(tenant: string, name: string, properties: RoomProperties): ListedRoom | 'taken' | 'full' {
    if (this.#rooms.has(name) || reserved.includes(name)) return 'taken';
    if (this.#rooms.size >= this.#options.most) this.#dropExpired();
    if (this.#rooms.size >= this.#options.most) return 'full';
    this.#deleted.delete(name);
    const createdAt = new Date(this.#options.wallClock()).toISOString();
    return this.#put({ name, createdAt, properties, tenant });
  }

  /** Undefined: there is no such room of this tenant. */
  replace(tenant: string, name: string, properties: RoomProperties): ListedRoom | undefined {
    const room = this.get(tenant, name);
    return room === undefined ? undefined : this.#put({ ...room, properties, tenant });
  }

  /** Whether the room was this tenant's and is gone now. Its name opens nothing until it is made again. */
  delete(tenant: string, name: string): boolean {
    if (!this.governs(tenant, name)) return false;
    this.#forget(name);
    return true;
  }

  /** Rooms of a tenant in the order in which they were made; undefined if there is no room to start after. */
  page(tenant: string, limit: number, startingAfter?: string) {
    const all = [...this.#rooms.values()].filter((room) => room.tenant === tenant);
    const from = startingAfter === undefined ? 0 : all.findIndex(({ name }) => name === startingAfter) + 1;
    if (startingAfter !== undefined && from === 0) return undefined;
    return { total: all.length, rooms: all.slice(from, from + limit) };
  }

  #put(room: ListedRoom & { readonly tenant: string }): ListedRoom {
    this.#rooms.set(room.name, room);
    return room;
  }

  #dropExpired(): void {
    const now = this.#options.wallClock();
    for (const { name, properties } of this.#rooms.values())
      if (properties.expiresAt !== undefined && Date.parse(properties.expiresAt) <= now) this.#forget(name);
  }

  #forget(name: string): void {
    this.#rooms.delete(name);
    this.#deleted.add(name);
    if (this.#deleted.size > DELETED) for (const oldest of this.#deleted) return void this.#deleted.delete(oldest);
  }
}
