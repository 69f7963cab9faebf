import { startRoomServer } from '../src/room/server/room-server.ts';
import { roomDriverContract } from './room-driver-contract.ts';

let rooms = 0;

roomDriverContract('embedded', async () => {
  const server = await startRoomServer();
  return { url: () => server.roomUrl(`room-${++rooms}`), close: () => server.close() };
});
