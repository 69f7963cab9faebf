import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { SluiceError } from '@sluice/core';

/** A server of plain requests that listens, and only on 127.0.0.1. @throws SLUICE_INSPECTOR_LISTEN for a port that is taken */
export async function serveOnLoopback(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
  prepare: (server: Server) => void = () => {},
): Promise<Server> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, getRequestListener(fetch));
  prepare(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(port, cause)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** 0 until it listens. */
export function portOf(server: Server | undefined): number {
  return (server?.address() as AddressInfo | null | undefined)?.port ?? 0;
}

/** Ends a server and whoever is connected to it. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

function cannotListen(port: number, cause: Error): SluiceError {
  return new SluiceError('SLUICE_INSPECTOR_LISTEN', `the inspector cannot listen on 127.0.0.1:${port}`, {
    expected: 'a port that is free',
    received: cause.message,
    fix: 'Leave port away, and any free one is taken',
    cause,
  });
}
