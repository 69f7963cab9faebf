import type { RoomProperties } from './room-properties.ts';

/** Which rooms there are, and what each is told to be. Asked at every join, so it should know and not look up. */
export interface RoomDirectory {
  /** Undefined: there is no room of this name, and who wants in is refused with `room-unknown`. */
  find(name: string): RoomProperties | undefined;
}

/** Every name is a room: whoever comes first makes it. */
export const openDirectory: RoomDirectory = { find: () => ({}) };
