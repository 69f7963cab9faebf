import { SluiceError } from '@sluice/core';
import type { RoomDriver } from '../driver.ts';
import { roomOfPath } from '../room-name.ts';
import { joinEmbeddedRoom } from './embedded-session.ts';

/** Rooms of `startRoomServer`: `http://host:port/room`. */
export const embeddedRoomDriver: RoomDriver = {
  name: 'embedded',
  schemes: ['http:', 'https:'],
  join: async (join) => {
    if (roomOfPath(join.url.pathname) === undefined)
      throw new SluiceError('SLUICE_ROOM_URL', 'the meeting URL does not end in a room name', {
        expected: 'http://host:port/room with 1 to 128 of A-Z a-z 0-9 _ -',
        received: join.url.href,
      });
    return joinEmbeddedRoom(join);
  },
};
