import { once } from 'node:events';
import { WebSocket } from 'ws';
import { serve } from './serve.ts';

serve({
  async echo(url: string): Promise<void> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    socket.on('message', (data) => socket.send(String(data)));
    await once(socket, 'open');
  },

  async ping(url: string, times: number): Promise<number[]> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    await once(socket, 'open');
    const all: number[] = [];
    for (let count = 0; count < times; count++) {
      const back = once(socket, 'message');
      const start = performance.now();
      socket.send(JSON.stringify({ count }));
      await back;
      all.push(performance.now() - start);
      await new Promise((resolve) => setTimeout(resolve, 110));
    }
    return all;
  },
});
