import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkKeys, invalidArgument, isSluiceError, outOfRange, SluiceError } from '@sluice/core';
import { isRoomName, limits } from '@sluice/protocol';
import { currentDevices } from '../../devices/registry.ts';
import { listenAdvice } from '../../room/protocol/network-advice.ts';
import { isLoopbackHost, requestFault } from '../../room/protocol/request-policy.ts';
import { guardedServer } from '../../room/server/guarded-server.ts';
import { sourceOf } from '../../room/server/source-of.ts';
import { readBounded } from '../read-bounded.ts';
import { sdpFault } from '../sdp-sections.ts';
import { EndpointSession } from './endpoint-session.ts';
import { RoomPlayer } from './room-player.ts';
import { RoomPublisher } from './room-publisher.ts';

/** Where a WHIP and WHEP endpoint listens, and for which rooms. */
export interface WhipServerOptions {
  /** The meeting URL of a room, which decides who may enter: the Bearer token is its meeting token. */
  readonly roomUrl: (room: string) => string;
  /** Loopback addresses only: put a TLS proxy in front of it. Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Names that a proxy in front of it answers to. Default: none. */
  readonly hosts?: readonly string[];
  /** Sessions at once. Each decodes and encodes a sound and a picture. Default: 8. */
  readonly maxSessions?: number;
  /** Sessions of one address, on loopback of all that come through a proxy. Default: 8. */
  readonly maxSessionsPerAddress?: number;
}

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

/** An HTTP status for what rooms say to those who may not enter. */
const statuses: Readonly<Record<string, number>> = {
  SLUICE_ROOM_TOKEN: 401,
  SLUICE_ROOM_UNKNOWN: 404,
  SLUICE_ROOM_FULL: 503,
  SLUICE_JOIN_UNREACHABLE: 502,
  SLUICE_JOIN_REFUSED: 403,
  SLUICE_HOST_NEGOTIATION: 400,
};
const PATH = /^\/(whip|whep)\/([\w-]{1,128})(?:\/([0-9a-f]{32}))?$/;

/**
 * Starts an endpoint of WHIP and WHEP for rooms: `/whip/<room>` publishes in a room, `/whep/<room>` plays what is heard there and
 * who was seen first. Each session is a participant of its own, whose media are decoded and encoded again. Needs `Daily.init`.
 *
 * @throws TypeError, RangeError for options that are not valid, `SLUICE_NOT_INITIALIZED`, `SLUICE_ROOM_INSECURE` for a host beyond
 * loopback, `SLUICE_ROOM_LISTEN` if the port is taken.
 */
export async function startWhipServer(options: WhipServerOptions): Promise<WhipServer> {
  checkKeys<WhipServerOptions>('startWhipServer', options, {
    roomUrl: true,
    host: true,
    port: true,
    hosts: true,
    maxSessions: true,
    maxSessionsPerAddress: true,
  });
  const { roomUrl, host = '127.0.0.1', port = 0, maxSessions = 8, maxSessionsPerAddress = 8 } = options;
  if (typeof roomUrl !== 'function') throw invalidArgument('roomUrl', 'a function from a name to a URL', roomUrl);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  for (const [name, count] of Object.entries({ maxSessions, maxSessionsPerAddress }))
    if (!(Number.isInteger(count) && count >= 1 && count <= 1_000)) throw outOfRange(name, '1 to 1000', count);
  if (!isLoopbackHost(host))
    throw new SluiceError('SLUICE_ROOM_INSECURE', 'an endpoint without TLS would be reachable from other machines', {
      expected: 'a loopback host',
      received: host,
      fix: 'Put a TLS proxy in front of it',
    });
  const endpoint = new Endpoint({ roomUrl, hosts: options.hosts ?? [], maxSessions, maxSessionsPerAddress });
  const app = { fetch: endpoint.fetch, upgrade: refuseUpgrade, metrics: () => '', close: async () => {} };
  const server = guardedServer({ app, tls: undefined, clock: currentDevices().clock, perAddress: 64, total: 128 });
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

type EndpointOptions = Required<Omit<WhipServerOptions, 'host' | 'port'>>;

class Endpoint {
  readonly #options: EndpointOptions;
  readonly #sessions = new Map<
    string,
    { readonly session: EndpointSession; readonly source: string; readonly path: string }
  >();
  #closed = false;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  fetch = async (request: Request, env?: { readonly incoming?: IncomingMessage }): Promise<Response> => {
    const { headers, method } = request;
    const [host, origin] = [headers.get('host') ?? '', headers.get('origin') ?? undefined];
    const fault = requestFault({ host, origin }, { loopback: true, hosts: this.#options.hosts, origins: [] });
    if (fault !== undefined) return new Response(null, { status: fault });
    const { pathname } = new URL(request.url);
    const [, kind, room, id] = PATH.exec(pathname) ?? [];
    if (room === undefined) return new Response(null, { status: 404 });
    if (id !== undefined) return this.#of(id, pathname, method);
    if (method === 'OPTIONS') return new Response(null, { status: 204, headers: { 'accept-post': 'application/sdp' } });
    if (method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST, OPTIONS' } });
    return this.#create(
      request,
      kind === 'whip' ? 'whip' : 'whep',
      room,
      sourceOf(env?.incoming?.socket.remoteAddress),
    );
  };

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions.values()].map(({ session }) => session.close()));
  }

  /** Whoever knows the number of a session, which is a secret, may end it. */
  async #of(id: string, pathname: string, method: string): Promise<Response> {
    const entry = this.#sessions.get(id);
    if (entry === undefined || pathname !== entry.path) return new Response(null, { status: 404 });
    if (method !== 'DELETE') return new Response(null, { status: 405, headers: { allow: 'DELETE' } });
    await entry.session.close();
    return new Response(null, { status: 200 });
  }

  async #create(request: Request, kind: 'whip' | 'whep', room: string, source: string): Promise<Response> {
    if (!/^application\/sdp\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
      return new Response(null, { status: 415, headers: { 'accept-post': 'application/sdp' } });
    const offer = await readBounded(request.body, limits.sdpLength);
    if (offer === undefined) return new Response(null, { status: 413 });
    const fault = sdpFault(offer);
    if (fault !== undefined) return new Response(fault, { status: 400 });
    const { maxSessions, maxSessionsPerAddress, roomUrl } = this.#options;
    const ofSource = [...this.#sessions.values()].filter((one) => one.source === source).length;
    if (this.#closed || this.size >= maxSessions)
      return new Response(null, { status: 503, headers: { 'retry-after': '5' } });
    if (ofSource >= maxSessionsPerAddress) return new Response(null, { status: 429, headers: { 'retry-after': '5' } });
    const id = randomBytes(16).toString('hex');
    const path = `/${kind}/${room}/${id}`;
    const { host, clock } = currentDevices();
    const peer = kind === 'whip' ? new RoomPublisher() : new RoomPlayer(host);
    const ended = () => void this.#sessions.delete(id);
    const session = new EndpointSession({ peer, host, clock, loopback: this.#options.hosts.length === 0, ended });
    this.#sessions.set(id, { session, source, path });
    try {
      const token = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      const answer = await session.open({ roomUrl: roomUrl(room), token }, offer);
      return new Response(answer, { status: 201, headers: { 'content-type': 'application/sdp', location: path } });
    } catch (error) {
      await session.close();
      const status = (isSluiceError(error) ? statuses[error.code] : undefined) ?? 500;
      return new Response(null, { status });
    }
  }
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
