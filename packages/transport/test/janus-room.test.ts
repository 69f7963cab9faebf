import { startJanus } from '../src/testing/janus/start-janus.ts';
import { roomDriverContract } from './room-driver-contract.ts';

let rooms = 0;

roomDriverContract('janus', async () => {
  const server = await startJanus();
  return { url: () => server.roomUrl(`room-${++rooms}`), close: () => server.close() };
});
