import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Clock, checkKeys, type KeysOf, realClock } from '@sluice/core';
import { limits, PROTOCOL, roomOfPath } from '@sluice/protocol';
import { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { upgradeFault } from '../protocol/upgrade-policy.ts';
import { AddressBudgets } from './budgets/address-budgets.ts';
import { type PageOptions, pageRoute } from './page-route.ts';
import { RoomHub } from './room-hub.ts';
import type { RoomRecorder, RoomTranscriber } from './room-services.ts';
import { RoomSocket } from './room-socket.ts';
import type { VerifyToken } from './room-tokens.ts';

export interface RoomAppOptions {
  /** Whether the server listens on loopback only, which decides on hosts and candidates. Default: true. */
  readonly loopback?: boolean;
  /** Rule for meeting tokens. Default: no tokens, and one that is given is refused. */
  readonly tokens?: VerifyToken;
  /**
   * Further host names the server answers to, as behind a proxy. Default: loopback names on loopback, otherwise any.
   * With names of its own a room is open to other machines, so loopback candidates are not passed on.
   */
  readonly hosts?: readonly string[];
  /** Origins of pages that may connect beside the server's own. Default: none. */
  readonly origins?: readonly string[];
  /** Default: 64. */
  readonly maxParticipants?: number;
  /** Default: 1,000. */
  readonly maxRooms?: number;
  /** Sockets from one address. Default: 32, on loopback 1,024. */
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
  readonly clock?: Clock;
}

/** The keys of `RoomAppOptions` that a room server has too. */
export const roomAppKeys = {
  tokens: true,
  hosts: true,
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
} as const satisfies Partial<KeysOf<RoomAppOptions>>;

export interface RoomApp {
  /** A hono handler for the plain requests. Mount it anywhere; the room is the last part of the path. */
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Give it the `upgrade` events of your HTTP server: `server.on('upgrade', app.upgrade)`. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Closes every room and socket at once. Resolves when what recorders and transcribers made is written. */
  close(): Promise<void>;
}

/** The room server without an HTTP server of its own, to be mounted in one. */
export function createRoomApp(options: RoomAppOptions = {}): RoomApp {
  checkKeys<RoomAppOptions>('createRoomApp', options, { ...roomAppKeys, loopback: true });
  const { clock = realClock, loopback = true, joinDeadlineMs = 5_000 } = options;
  const perAddress = options.maxConnectionsPerAddress ?? (loopback ? 1_024 : 32);
  const policy = { loopback, hosts: options.hosts ?? [], origins: options.origins ?? [] };
  const hub = new RoomHub({
    clock,
    loopback: loopback && policy.hosts.length === 0,
    maxParticipants: options.maxParticipants ?? 64,
    maxRooms: options.maxRooms ?? 1_000,
    tokens: options.tokens,
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
  const addresses = new Map<string, number>();
  const budgets = new AddressBudgets(clock);

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until the handshake is done nobody else listens for errors of this socket.
    socket.on('error', () => socket.destroy());
    const fault = upgradeFault(request, policy);
    if (fault !== undefined) return reject(socket, fault);
    const room = roomOfPath((request.url ?? '').split('?', 1)[0]!);
    if (room === undefined) return reject(socket, 404);
    const address = request.socket.remoteAddress ?? '';
    const open = addresses.get(address) ?? 0;
    if (open >= perAddress) return reject(socket, 429);
    wss.handleUpgrade(request, socket, head, (ws) => {
      addresses.set(address, (addresses.get(address) ?? 0) + 1);
      ws.once('close', () => {
        const left = addresses.get(address)! - 1;
        if (left === 0) addresses.delete(address);
        else addresses.set(address, left);
      });
      new RoomSocket(ws, {
        clock,
        joinDeadlineMs,
        address: budgets.of(address),
        connect: (member, joined) => hub.connect(room, member, joined),
      });
    });
  };
  return {
    fetch: routes(options.page ?? {}).fetch,
    upgrade,
    close: () => {
      const written = hub.close();
      for (const ws of wss.clients) ws.close(1001, 'closing');
      wss.close();
      return written;
    },
  };
}

function routes(page: PageOptions | false): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header('X-Content-Type-Options', 'nosniff');
    // The page has a policy of its own.
    if (!context.res.headers.has('Content-Security-Policy'))
      context.header('Content-Security-Policy', "default-src 'none'");
  });
  if (page !== false) app.get('*', pageRoute(page));
  app.get('*', (context) => {
    const room = roomOfPath(context.req.path);
    if (room === undefined)
      return context.json({ service: 'sluice-room', protocol: PROTOCOL }, context.req.path === '/' ? 200 : 404);
    return context.json({ service: 'sluice-room', protocol: PROTOCOL, room });
  });
  app.notFound((context) => context.json({ code: 'not-found' }, 404));
  app.onError((_, context) => context.json({ code: 'failed' }, 500));
  return app;
}

function reject(socket: Duplex, status: 403 | 404 | 421 | 429): void {
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
