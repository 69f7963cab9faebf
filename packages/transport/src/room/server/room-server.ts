// The embedded room server: HTTP, sockets, members, tokens, speakers. No media engine and nothing of the driver.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { checkKeys, invalidArgument, outOfRange, SluiceError } from '@sluice/core';
import { isRoomName } from '@sluice/protocol';
import { listenAdvice } from '../protocol/network-advice.ts';
import { isLoopbackHost } from '../protocol/upgrade-policy.ts';
import { createRoomApp, type RoomAppOptions, roomAppKeys } from './room-app.ts';

export interface RoomServerOptions extends Omit<RoomAppOptions, 'loopback'> {
  /** Address to listen on. Default: 127.0.0.1. Anything but loopback needs `insecure: true`, or TLS in front of it. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Listens beyond this machine without TLS: everybody on the path can read along and join. Default: false. */
  readonly insecure?: boolean;
}

export interface RoomServer {
  /** `http://host:port` */
  readonly url: string;
  readonly port: number;
  /** The meeting URL of a room. Rooms need not be created. */
  roomUrl(name: string): string;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a room server: signalling over WebSocket, media directly between the participants.
 *
 * @throws `SLUICE_ROOM_INSECURE` for a host beyond loopback without `insecure`, `SLUICE_ROOM_LISTEN` if the port is
 * taken or the address not ours.
 */
export async function startRoomServer(options: RoomServerOptions = {}): Promise<RoomServer> {
  checkKeys<RoomServerOptions>('startRoomServer', options, { ...roomAppKeys, host: true, port: true, insecure: true });
  const { host = '127.0.0.1', port = 0, insecure = false, ...rooms } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  const loopback = isLoopbackHost(host);
  if (!loopback && !insecure)
    throw new SluiceError('SLUICE_ROOM_INSECURE', 'a room server without TLS would be reachable from other machines', {
      expected: 'a loopback host',
      received: host,
      fix: 'Put a TLS proxy in front of a loopback server, or say insecure: true',
    });
  let url = '';
  const app = createRoomApp({ roomUrl: (room) => `${url}/${room}`, ...rooms, loopback });
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16 * 1024 },
    getRequestListener(app.fetch),
  );
  server.maxConnections = 1_024;
  server.on('upgrade', app.upgrade);
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      const written = app.close();
      server.close(() => resolve(written));
      server.closeAllConnections();
    });
  return {
    url,
    port: address.port,
    roomUrl: (name) => {
      if (!isRoomName(name)) throw invalidArgument('name', '1 to 128 of A-Z a-z 0-9 _ -', name);
      return `${url}/${name}`;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error) =>
      reject(
        new SluiceError('SLUICE_ROOM_LISTEN', `the room server cannot listen on ${host}:${port}`, {
          cause,
          fix: listenAdvice(cause),
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}
