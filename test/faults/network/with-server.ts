import { Daily, type RoomServer, startRoomServer } from '@sluice/transport';

/** Runs `test` beside a room server. */
export async function withServer(test: (server: RoomServer) => Promise<void>): Promise<void> {
  Daily.init();
  const server = await startRoomServer();
  try {
    await test(server);
  } finally {
    await Daily.deinit();
    await server.close();
  }
}
