import { type RoomServer, startRoomServer } from '@sluice/transport';
import { collectGarbage } from './collect-garbage.ts';
import { serve } from './serve.ts';

let server: RoomServer;

serve({
  async start(): Promise<string> {
    server = await startRoomServer();
    return server.url;
  },

  settle: collectGarbage,
  close: () => server.close(),
});
