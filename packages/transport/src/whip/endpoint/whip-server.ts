import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { invalidArgument, SluiceError } from '@sluice/core';
import { isRoomName } from '@sluice/protocol';
import { currentDevices } from '../../devices/registry.ts';
import { listenAdvice } from '../../room/protocol/network-advice.ts';
import { guardedServer } from '../../room/server/guarded-server.ts';
import { RoomPlayer } from './room-player.ts';
import { RoomPublisher } from './room-publisher.ts';
import { WhipEndpoint } from './whip-endpoint.ts';
import { checkServerOptions, type WhipServerOptions } from './whip-server-options.ts';

/** A WHIP and WHEP endpoint that listens. */
export interface WhipServer {
  /** `http://host:port`. */
  readonly url: string;
  /** Where to publish in a room. */
  whipUrl(room: string): string;
  /** Where to play from a room. */
  whepUrl(room: string): string;
  /** Sessions just now. */
  readonly sessions: number;
  /** Ends every session and listens no more. */
  close(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Starts an endpoint of WHIP and WHEP for rooms: `/whip/<room>` publishes in a room, `/whep/<room>` plays what is heard there and
 * who was seen first. Each session is a participant of its own, whose media are decoded and encoded again. Needs `Daily.init`.
 *
 * @throws TypeError, RangeError for options that are not valid, `SLUICE_NOT_INITIALIZED`, `SLUICE_ROOM_INSECURE` for a host beyond
 * loopback, `SLUICE_ROOM_LISTEN` if the port is taken.
 */
export async function startWhipServer(options: WhipServerOptions): Promise<WhipServer> {
  const { host, port, ...limits } = checkServerOptions(options);
  const { clock } = currentDevices();
  const endpoint = new WhipEndpoint({
    ...limits,
    clock,
    host: () => currentDevices().host,
    createPeer: (kind, mediaHost) => (kind === 'whip' ? new RoomPublisher() : new RoomPlayer(mediaHost)),
  });
  const app = { fetch: endpoint.fetch, upgrade: refuseUpgrade, metrics: () => '', close: async () => {} };
  const server = guardedServer({ app, tls: undefined, clock, perAddress: 64, total: 128, proxies: limits.proxies });
  await listen(server, host, port);
  const address = server.address() as AddressInfo;
  const url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const urlOf = (kind: string, room: string) => {
    if (!isRoomName(room)) throw invalidArgument('room', '1 to 128 of A-Z a-z 0-9 _ -', room);
    return `${url}/${kind}/${room}`;
  };
  const close = async () => {
    await endpoint.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return {
    url,
    whipUrl: (room) => urlOf('whip', room),
    whepUrl: (room) => urlOf('whep', room),
    get sessions() {
      return endpoint.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function refuseUpgrade(_request: IncomingMessage, socket: { destroy(): void }): void {
  socket.destroy();
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error) =>
      reject(
        new SluiceError('SLUICE_ROOM_LISTEN', `the endpoint cannot listen on ${host}:${port}`, {
          cause,
          fix: listenAdvice(cause),
        }),
      ),
    );
    server.listen(port, host, resolve);
  });
}
