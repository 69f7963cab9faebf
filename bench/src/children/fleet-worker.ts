import { connectNats, startWorker } from '@sluice/fleet';
import { serve } from './serve.ts';

/** A worker whose bots say fifty times a second where they run. */
serve({
  start: async (servers: string) => {
    const nats = await connectNats({ servers, tenant: 'kills' });
    const worker = await startWorker({
      nats,
      limits: { lagMs: 10_000, cpu: 10, memoryMb: 100_000 },
      factories: {
        talking: () => {
          let timer: NodeJS.Timeout | undefined;
          let end = () => {};
          return {
            run: () => {
              timer = setInterval(() => nats.nats.publish('kills.said', worker.id), 20);
              return new Promise<void>((resolve) => (end = resolve));
            },
            stop: async () => {
              clearInterval(timer);
              end();
            },
          };
        },
      },
    });
    return worker.id;
  },
});
