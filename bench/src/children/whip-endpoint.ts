import { Daily, startWhipServer, type WhipServer } from '@sluice/transport';
import { serve } from './serve.ts';

let endpoint: WhipServer;

serve({
  /** An endpoint for the rooms below a URL. */
  async start(base: string): Promise<void> {
    Daily.init();
    endpoint = await startWhipServer({ roomUrl: (room) => new URL(room, base).href });
  },

  urls: (rooms: readonly string[]): string[] => rooms.map((room) => endpoint.whipUrl(room)),
});
