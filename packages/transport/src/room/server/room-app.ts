import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, checkKeys, invalidArgument, type KeysOf, metricsText, realClock } from '@sluice/core';
import { limits, roomOfPath } from '@sluice/protocol';
import { WebSocketServer } from 'ws';
import type { Logger } from '../../logger.ts';
import { requestFault } from '../protocol/request-policy.ts';
import { AddressBudgets } from './budgets/address-budgets.ts';
import { type RoomCreation, RoomList } from './directory/room-list.ts';
import { roomMetrics } from './metrics/room-metrics.ts';
import type { PageOptions } from './page-route.ts';
import { plainRoutes } from './plain-routes.ts';
import { type ApiKey, ApiKeys } from './rest/api-keys.ts';
import { restApi } from './rest/rest-api.ts';
import { RoomHub } from './room-hub.ts';
import type { RoomProperties } from './room-properties.ts';
import type { RoomRecorder, RoomTranscriber } from './room-services.ts';
import { RoomSocket } from './room-socket.ts';
import type { VerifyToken } from './room-tokens.ts';
import { sourceOf } from './source-of.ts';
import type { MeetingTokens } from './tokens/meeting-tokens.ts';
import { TrustedProxies } from './trusted-proxies.ts';

/** Rules, limits and services of the rooms of an application. */
export interface RoomAppOptions {
  /** Whether the server listens on loopback only, which decides on hosts and candidates. Default: true. */
  readonly loopback?: boolean;
  /** Rule for meeting tokens, as `meetingTokens` makes one. Default: no tokens, and one that is given is refused. */
  readonly tokens?: VerifyToken | MeetingTokens;
  /** Rooms from the beginning, by name. Default: none. */
  readonly rooms?: Readonly<Record<string, RoomProperties>>;
  /** `anyone`: every name is a room. `listed`: only those of `rooms`, and those made by the REST API. Default: `anyone`. */
  readonly roomCreation?: RoomCreation;
  /** Keys of the REST API below `/v1`. Default: none, and there is no such API. */
  readonly apiKeys?: readonly ApiKey[];
  /**
   * Further host names the server answers to, as behind a proxy. Default: loopback names on loopback, otherwise any.
   * With names of its own a room is open to other machines, so loopback candidates are not passed on.
   */
  readonly hosts?: readonly string[];
  /**
   * Addresses or networks of reverse proxies, as `127.0.0.1` or `10.0.0.0/8`: the client of what comes from there is whom they name in
   * `X-Forwarded-For`. Others may write there what they like. Default: none, and who connects is the client.
   */
  readonly proxies?: readonly string[];
  /** Origins of pages that may connect beside the server's own. Default: none. */
  readonly origins?: readonly string[];
  /** Default: 64. */
  readonly maxParticipants?: number;
  /** Rooms that somebody is in, and rooms in the directory. Default: 1,000. */
  readonly maxRooms?: number;
  /** Sockets from one address. Default: 32, on loopback without `proxies` 1,024. */
  readonly maxConnectionsPerAddress?: number;
  /** A socket must join within this time, in milliseconds. Default: 5,000. */
  readonly joinDeadlineMs?: number;
  /** The page for people with a browser, at the address of each room. `false`: none. Default: `{}`. */
  readonly page?: PageOptions | false;
  /** What records the rooms. Default: nothing does. It finds a room by `roomUrl`. */
  readonly recorder?: RoomRecorder;
  /** What transcribes the rooms. Default: nothing does. It finds a room by `roomUrl`. */
  readonly transcriber?: RoomTranscriber;
  /** The meeting URL of a room, for those two. A room server knows its own. */
  readonly roomUrl?: (room: string) => string;
  /** By which rooms, tokens and limits are timed. Default: the real one. */
  readonly clock?: Clock;
  /** Is told what failed. Default: none. */
  readonly logger?: Logger;
}

/** The keys of `RoomAppOptions` that a room server has too. */
export const roomAppKeys = {
  tokens: true,
  rooms: true,
  roomCreation: true,
  apiKeys: true,
  hosts: true,
  proxies: true,
  origins: true,
  maxParticipants: true,
  maxRooms: true,
  maxConnectionsPerAddress: true,
  joinDeadlineMs: true,
  recorder: true,
  transcriber: true,
  roomUrl: true,
  page: true,
  clock: true,
  logger: true,
} as const satisfies Partial<KeysOf<RoomAppOptions>>;

/** A room server inside of an application of yours. */
export interface RoomApp {
  /** A hono handler for the plain requests. Mount it anywhere; the room is the last part of the path. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Give it the `upgrade` events of your HTTP server: `server.on('upgrade', app.upgrade)`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Figures in the text format of Prometheus. Names of rooms and people are not among them. */
  metrics(): string;
  /** Closes every room and socket at once. Resolves when what recorders and transcribers made is written. */
  close(): Promise<void>;
}

/** The room server without an HTTP server of its own, to be mounted in one. */
export function createRoomApp(options: RoomAppOptions = {}): RoomApp {
  checkKeys<RoomAppOptions>('createRoomApp', options, { ...roomAppKeys, loopback: true });
  const { clock = realClock, loopback = true, joinDeadlineMs = 5_000, maxRooms = limits.rooms, tokens } = options;
  const proxies = new TrustedProxies(options.proxies);
  const perAddress = options.maxConnectionsPerAddress ?? socketsPerAddress(loopback && proxies.isEmpty);
  const policy = { loopback, hosts: options.hosts ?? [], origins: options.origins ?? [] };
  const list = listOf(options, maxRooms);
  const hub = new RoomHub({
    clock,
    directory: list,
    loopback: loopback && policy.hosts.length === 0,
    maxParticipants: options.maxParticipants ?? limits.participants,
    maxRooms,
    tokens,
    recorder: options.recorder,
    transcriber: options.transcriber,
    roomUrl: options.roomUrl,
  });
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    maxFragments: 16,
    maxBufferedChunks: 256,
  });
  const budgets = new AddressBudgets(clock, perAddress);
  const answers: Record<number, number> = {};
  const keys = new ApiKeys('apiKeys', options.apiKeys ?? []);
  const rest = restApi({
    list,
    running: hub,
    mint: tokens !== undefined && 'mint' in tokens ? tokens.mint : undefined,
    keys,
    clock,
    logger: options.logger,
    answered: (status) => {
      answers[status] = (answers[status] ?? 0) + 1;
    },
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens for errors of this socket.
    socket.on('error', () => socket.destroy());
    const fault = requestFault(request.headers, policy);
    if (fault !== undefined) return rejectUpgrade(socket, fault);
    const room = roomOfPath((request.url ?? '').split('?', 1)[0]!);
    if (room === undefined) return rejectUpgrade(socket, 404);
    const address = budgets.of(sourceOf(proxies.clientOf(request)));
    if (address.sockets >= perAddress) return rejectUpgrade(socket, 429);
    wss.handleUpgrade(request, socket, head, (ws) => {
      ws.once('close', address.open());
      new RoomSocket(ws, {
        clock,
        joinDeadlineMs,
        address,
        room,
        connect: (member, joined) => hub.connect(room, member, joined),
      });
    });
  };
  return {
    fetch: plainRoutes({
      policy,
      page: options.page ?? {},
      rest: keys.size === 0 ? undefined : rest,
      // Whoever needs a token is told by it, and learns of no room without.
      properties: tokens === undefined ? (room) => list.find(room) : undefined,
    }).fetch,
    upgrade,
    metrics: () =>
      metricsText(roomMetrics({ hub: hub.counts(), listed: list.size, sockets: wss.clients.size, rest: answers })),
    close: () => {
      const written = hub.close();
      for (const ws of wss.clients) ws.close(1001, 'closing');
      wss.close();
      return written;
    },
  };
}

/** Sockets that one address may have. */
export function socketsPerAddress(loopback: boolean): number {
  return loopback ? limits.socketsPerLoopbackAddress : limits.socketsPerAddress;
}

function listOf({ rooms, roomCreation, tokens }: RoomAppOptions, most: number): RoomList {
  const list = new RoomList({ rooms, creation: roomCreation, most, wallClock: Date.now });
  const closed = Object.entries(rooms ?? {}).find(([, { private: closed }]) => closed === true)?.[0];
  if (closed !== undefined && tokens === undefined)
    throw invalidArgument(
      'tokens',
      `a rule for tokens, without which nobody enters the private room ${closed}`,
      tokens,
    );
  return list;
}

/** Answers an upgrade with a status instead. */
export function rejectUpgrade(socket: Duplex, status: 403 | 404 | 421 | 429 | 503): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
