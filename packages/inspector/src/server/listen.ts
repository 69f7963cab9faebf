import { createServer, type Server, STATUS_CODES } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { SluiceError } from '@sluice/core';
import { WebSocketServer } from 'ws';
import { inspectLimits } from '../protocol/limits.ts';
import type { Access } from './access.ts';
import { ClientSocket } from './client-socket.ts';
import { doorFault } from './doors.ts';
import { helloOf } from './hello.ts';
import type { Hub } from './hub.ts';
import { inspectorApp } from './inspector-app.ts';
import { readPageFiles } from './page-files.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves a hub on loopback. It keeps no process alive: who runs a graph decides when it ends. */
export async function listen(hub: Hub, access: Access, port: number): Promise<Listening> {
  const page = await readPageFiles();
  const app = inspectorApp({ hub, access, page, port: () => portOf(server) });
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, getRequestListener(app.fetch));
  const wss = new WebSocketServer({
    noServer: true,
    maxPayload: inspectLimits.requestBytes,
    perMessageDeflate: false,
  });
  const hello = helloOf(access);
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  server.unref();
  return {
    port: portOf(server),
    close: async () => {
      for (const client of wss.clients) client.close(1001, 'the inspector is closed');
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      for (const client of wss.clients) client.terminate();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo | null)?.port ?? 0;
}

function cannotListen(port: number, cause: Error): SluiceError {
  return new SluiceError('SLUICE_INSPECTOR_LISTEN', `the inspector cannot listen on 127.0.0.1:${port}`, {
    expected: 'a port that is free',
    received: cause.message,
    fix: 'Leave port away, and any free one is taken',
    cause,
  });
}
