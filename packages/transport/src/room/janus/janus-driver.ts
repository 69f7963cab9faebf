import type { RoomDriver } from '../driver.ts';
import { joinJanusRoom } from './join-janus-room.ts';

/** Rooms of a Janus server's VideoRoom: `janus+ws://host:port/room`, `janus+wss://...` with TLS. */
export const janusRoomDriver: RoomDriver = {
  name: 'janus',
  schemes: ['janus+ws:', 'janus+wss:'],
  capabilities: ['app-messages', 'chat', 'user-data', 'permissions', 'eject'],
  join: joinJanusRoom,
};
