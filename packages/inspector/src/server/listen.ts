import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import { inspectLimits } from '../protocol/limits.ts';
import type { Access } from './access.ts';
import { ClientSocket } from './client-socket.ts';
import { doorFault } from './doors.ts';
import { helloOf } from './hello.ts';
import type { Hub } from './hub.ts';
import { inspectorApp } from './inspector-app.ts';
import { readPageFiles } from './page-files.ts';
import { closeServer, portOf, serveOnLoopback } from './serve-on-loopback.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a hub on loopback. It keeps no process alive: who runs a graph decides when it ends. */
export async function listen(hub: Hub, access: Access, port: number): Promise<Listening> {
  const page = await readPageFiles();
  const app = inspectorApp({ hub, access, page, port: () => portOf(server) });
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: inspectLimits.requestBytes,
    perMessageDeflate: false,
  });
  const hello = helloOf(access);
  const server = await serveOnLoopback(app.fetch, port, (server) => {
    server.on('connection', (socket: Socket) => socket.unref());
    server.on('upgrade', (request, socket, head) => {
      // Until the handshake is done nobody else listens for errors of this socket.
      socket.on('error', () => socket.destroy());
      const { host, origin } = request.headers;
      const fault = request.url === '/socket' ? doorFault({ host, origin }, portOf(server)) : 404;
      if (fault !== undefined)
        return void socket.end(`HTTP/1.1 ${fault} ${STATUS_CODES[fault]}\r\nConnection: close\r\n\r\n`);
      wss.handleUpgrade(request, socket, head, (ws) => new ClientSocket(ws, { hub, access, hello }));
    });
  });
  server.unref();
  return {
    port: portOf(server),
    close: async () => {
      for (const client of wss.clients) client.close(1001, 'the inspector is closed');
      const closed = closeServer(server);
      for (const client of wss.clients) client.terminate();
      await closed;
    },
  };
}
