import type { RoomList } from '../directory/room-list.ts';
import type { MintedToken } from '../tokens/create-meeting-token.ts';
import type { Caller } from './api-keys.ts';

/** Somebody in a room, as told to those outside. */
interface Present {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly joinedAt: string;
}

/** What is asked of the rooms that run. */
export interface RunningRooms {
  presence(room: string): readonly Present[];
  /** The list says something else of a room. */
  changed(room: string): void;
  end(room: string): void;
}

export interface RestRooms {
  readonly list: RoomList;
  readonly running: RunningRooms;
  /** Undefined where the server's tokens are made by somebody else. */
  readonly mint?: ((wish: object) => Promise<MintedToken>) | undefined;
}

/** What each request knows, for the routes of hono. */
export type RestEnv = { Variables: { requestId: string; caller: Caller } };
