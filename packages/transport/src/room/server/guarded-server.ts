import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { getRequestListener } from '@hono/node-server';
import type { Clock } from '@sluice/core';
import { ConnectionGate } from './connection-gate.ts';
import { type RoomApp, rejectUpgrade } from './room-app.ts';
import { readTls, type TlsOptions } from './tls-options.ts';
import { TrustedProxies } from './trusted-proxies.ts';

/** A client has so long for its headers and for a whole request, in milliseconds; both are looked at each second. */
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
/** A connection on which nothing moves for so long is closed: an answer that nobody reads would stay for ever. */
const IDLE_MS = 15_000;

export interface GuardedServerOptions {
  readonly app: RoomApp;
  readonly tls: TlsOptions | undefined;
  readonly clock: Clock;
  /** Connections of one address, and in all. */
  readonly perAddress: number;
  readonly total: number;
  /** Default: none. */
  readonly proxies?: TrustedProxies;
  /** Default: 15,000. Sockets of rooms have limits of their own. */
  readonly idleMs?: number;
}

/**
 * An HTTP server that serves the app and keeps its limits of connections, headers and time. It does not listen yet.
 *
 * @throws TypeError for a key and a certificate that do not fit.
 */
export function guardedServer(options: GuardedServerOptions): Server {
  const { app, tls, clock, perAddress, total, idleMs = IDLE_MS, proxies = new TrustedProxies() } = options;
  const listener = getRequestListener(app.fetch);
  const server = createHttpServer(tls, (request, response) => {
    if (gate.asks(request.socket)) return void listener(request, response);
    response.writeHead(503, { connection: 'close', 'retry-after': '1', 'content-type': 'application/json' });
    response.end('{"code":"busy","message":"too many connections"}');
  });
  server.timeout = idleMs;
  const gate = new ConnectionGate(server, { clock, perAddress, total, proxies });
  server.on('upgrade', (request, socket, head) => {
    if (gate.asks(request.socket)) app.upgrade(request, socket, head);
    else rejectUpgrade(socket, 503);
  });
  return server;
}

function createHttpServer(tls: TlsOptions | undefined, listener: RequestListener): Server {
  const options = {
    headersTimeout: HEADERS_MS,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: 1_000,
    maxHeaderSize: 16 * 1_024,
  };
  if (tls === undefined) return createServer(options, listener);
  return createSecureServer(
    { ...options, ...readTls(tls), minVersion: 'TLSv1.2', handshakeTimeout: HEADERS_MS },
    listener,
  );
}
