// A room server on the address that it is given, until its input ends. Says its URL.
import { startRoomServer } from '../../src/room/server/room-server.ts';

const server = await startRoomServer({ host: process.argv[2]!, insecure: true });
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => process.exit(0));
