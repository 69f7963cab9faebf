import { CallClient, Daily } from '@sluice/transport';
import { serve } from './serve.ts';

const client = new CallClient();

serve({
  /** Joins and sends back what it is told. */
  async echo(url: string): Promise<void> {
    Daily.init();
    client.on('app-message', ({ message, from }) => void client.sendAppMessage(message, from));
    await client.join(url);
  },

  /** Joins and sends one message after the other. Milliseconds until each is back. */
  async ping(url: string, times: number): Promise<number[]> {
    Daily.init();
    await client.join(url);
    const all: number[] = [];
    for (let count = 0; count < times; count++) {
      const back = new Promise<void>((resolve) => {
        const cancel = client.on('app-message', () => {
          cancel();
          resolve();
        });
      });
      const start = performance.now();
      void client.sendAppMessage({ count });
      await back;
      all.push(performance.now() - start);
      // Within what a participant may say in a second.
      await new Promise((resolve) => setTimeout(resolve, 110));
    }
    return all;
  },
});
