// The embedded room server: HTTP, sockets, members, tokens, speakers. No media engine and nothing of the driver.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkKeys, invalidArgument, outOfRange, realClock, SluiceError } from '@sluice/core';
import { isRoomName } from '@sluice/protocol';
import { listenAdvice } from '../protocol/network-advice.ts';
import { isLoopbackHost } from '../protocol/request-policy.ts';
import { guardedServer } from './guarded-server.ts';
import { type MetricsOptions, startMetricsServer } from './metrics/metrics-server.ts';
import { createRoomApp, type RoomAppOptions, roomAppKeys, socketsPerAddress } from './room-app.ts';
import type { TlsOptions } from './tls-options.ts';
import { TrustedProxies } from './trusted-proxies.ts';

/** Connections that an address may have beside its sockets: files of the page, the REST API. */
const PLAIN_PER_ADDRESS = 32;

/** Where a room server listens, and by which rules. */
export interface RoomServerOptions extends Omit<RoomAppOptions, 'loopback'> {
  /** Address to listen on. Default: 127.0.0.1. Anything but loopback needs `tls`, or `insecure: true`. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Listens beyond this machine without TLS: everybody on the path can read along and join. Default: false. */
  readonly insecure?: boolean;
  /** Key and certificate chain, each as the text of a PEM file. Default: none, and the server speaks HTTP. */
  readonly tls?: TlsOptions;
  /** Figures for Prometheus on a port of their own. Default: none. */
  readonly metrics?: MetricsOptions;
  /** Connections in all, sockets and plain requests. Default: 1,024, on loopback 2,048. */
  readonly maxConnections?: number;
}

const serverKeys = {
  ...roomAppKeys,
  host: true,
  port: true,
  insecure: true,
  tls: true,
  metrics: true,
  maxConnections: true,
} as const;

/** A room server that listens. */
export interface RoomServer {
  /** `http://host:port`, or `https:` with TLS. */
  readonly url: string;
  /** Where it listens: the one that was found free where 0 was asked for. */
  readonly port: number;
  /** Where the figures are; undefined without `metrics`. */
  readonly metricsUrl: string | undefined;
  /** The meeting URL of a room. Rooms need not be created, unless `roomCreation` says so. */
  roomUrl(name: string): string;
  /** Ends all meetings and frees the port. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts a room server: signalling over WebSocket, media directly between the participants.
 *
 * @throws `SLUICE_ROOM_INSECURE` for a host beyond loopback without `insecure`, `SLUICE_ROOM_LISTEN` if the port is
 * taken or the address not ours.
 */
export async function startRoomServer(options: RoomServerOptions = {}): Promise<RoomServer> {
  checkKeys<RoomServerOptions>('startRoomServer', options, serverKeys);
  const { host = '127.0.0.1', port = 0, insecure = false, tls, metrics, maxConnections, ...rooms } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  const loopback = isLoopbackHost(host);
  if (!loopback && !insecure && tls === undefined)
    throw new SluiceError('SLUICE_ROOM_INSECURE', 'a room server without TLS would be reachable from other machines', {
      expected: 'a loopback host',
      received: host,
      fix: 'Give it tls: { key, cert }, put a TLS proxy in front of a loopback server, or say insecure: true',
    });
  let url = '';
  const app = createRoomApp({ roomUrl: (room) => `${url}/${room}`, ...rooms, loopback });
  const proxies = new TrustedProxies(rooms.proxies);
  const server = guardedServer({
    app,
    tls,
    clock: rooms.clock ?? realClock,
    perAddress: (rooms.maxConnectionsPerAddress ?? socketsPerAddress(loopback && proxies.isEmpty)) + PLAIN_PER_ADDRESS,
    proxies,
    total: maxConnections ?? (loopback ? 2 : 1) * 1_024,
  });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  url = `${tls === undefined ? 'http' : 'https'}://${name}:${address.port}`;
  const closeRooms = () =>
    new Promise<void>((resolve) => {
      const written = app.close();
      server.close(() => resolve(written));
      server.closeAllConnections();
    });
  const figures =
    metrics &&
    (await startMetricsServer(metrics, app.metrics).catch(async (cause) => {
      await closeRooms();
      throw cause instanceof TypeError ? cause : cannotListen(`127.0.0.1:${metrics.port}`, cause);
    }));
  const close = async () => {
    await Promise.all([closeRooms(), figures?.close()]);
  };
  return {
    url,
    port: address.port,
    metricsUrl: figures?.url,
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
    server.once('error', (cause: Error) => reject(cannotListen(`${host}:${port}`, cause)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(address: string, cause: Error): SluiceError {
  return new SluiceError('SLUICE_ROOM_LISTEN', `the room server cannot listen on ${address}`, {
    cause,
    fix: listenAdvice(cause),
  });
}
