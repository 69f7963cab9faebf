import { SluiceError } from '@sluice/core';
import { roomOfPath } from '@sluice/protocol';
import type { RoomDriver } from '../driver.ts';
import { shownMeetingUrl } from '../shown-url.ts';
import { joinEmbeddedRoom } from './join-embedded-room.ts';

/** Rooms of `startRoomServer`: `http://host:port/room`. */
export const embeddedRoomDriver: RoomDriver = {
  name: 'embedded',
  schemes: ['http:', 'https:'],
  capabilities: [
    'app-messages',
    'chat',
    'user-data',
    'permissions',
    'eject',
    'admission',
    'recording',
    'transcription',
    'dtmf',
  ],
  join: async (join) => {
    if (join.url.hostname === 'daily.co' || join.url.hostname.endsWith('.daily.co'))
      throw new SluiceError('SLUICE_ROOM_URL', "this is an address of Daily's service, of which sluice is no client", {
        expected: 'the URL of a room server of your own',
        received: shownMeetingUrl(join.url.href),
        fix: 'Start one (startRoomServer, npm run room) and join the URL that it tells',
      });
    if (roomOfPath(join.url.pathname) === undefined)
      throw new SluiceError('SLUICE_ROOM_URL', 'the meeting URL does not end in a room name', {
        expected: 'http://host:port/room with 1 to 128 of A-Z a-z 0-9 _ -',
        received: shownMeetingUrl(join.url.href),
        fix: 'Add a name: the room is made when somebody joins it',
      });
    return joinEmbeddedRoom(join);
  },
};
