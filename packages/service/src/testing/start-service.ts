// A service on this machine for tests: HTTP and WebSocket on a free port of the loopback interface, with faults by script
// and a record of what came in. It knows no vendor.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { checkKeys } from '@sluice/core';
import { WebSocketServer } from 'ws';
import type { LocalFault } from './local-fault.ts';
import { ServedRequest } from './served-request.ts';
import { ServedSocket } from './served-socket.ts';

/** What a server of {@link startService} does with requests and sockets. */
export interface ServiceHandlers {
  /** By method and path: `POST /v1/chat/completions`. A fault of a handler is status 500 with its message. */
  readonly requests?: Readonly<Record<string, (request: ServedRequest) => void | Promise<void>>>;
  /** By path: `/v1/listen`. */
  readonly sockets?: Readonly<Record<string, (socket: ServedSocket) => void>>;
  /** The value of a header that every request has to have; others are refused with 401. */
  readonly key?: { readonly header: string; readonly value: string };
}

/** A service on this machine. `close` ends all its connections. */
export interface LocalService extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** `ws://127.0.0.1:PORT`. */
  readonly socketUrl: string;
  /** What came in, in order; those that were refused by a fault included. */
  readonly requests: readonly ServedRequest[];
  /** The sockets that were opened, in order. */
  readonly sockets: readonly ServedSocket[];
  /** What goes wrong with the next requests and sockets, one each. */
  fail(...faults: readonly LocalFault[]): void;
  /** Ends its connections, then the server. Again it waits for the same. */
  close(): Promise<void>;
}

/** Of a request's body. */
const MOST_BODY_BYTES = 32 * 1024 * 1024;

/** Starts a local service. Its faults are taken in order, one for each request or socket; then nothing goes wrong. */
export async function startService(
  handlers: ServiceHandlers,
  faults: readonly LocalFault[] = [],
): Promise<LocalService> {
  checkKeys<ServiceHandlers>('startService', handlers, { requests: true, sockets: true, key: true });
  const coming: LocalFault[] = [...faults];
  const requests: ServedRequest[] = [];
  const sockets: ServedSocket[] = [];
  const mute: Duplex[] = [];
  const next = (): LocalFault => coming.shift() ?? { type: 'none' };
  const refused = ({ headers }: IncomingMessage) =>
    handlers.key !== undefined && headers[handlers.key.header] !== handlers.key.value;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const fault = next();
    const served = new ServedRequest(request, body, response, fault);
    requests.push(served);
    if (fault.type === 'mute') return;
    if (fault.type === 'refuse') return void request.socket.destroy();
    if (fault.type === 'status') return answerStatus(response, fault.status, fault.headers, fault.body);
    if (refused(request)) return answerStatus(response, 401, {}, { error: { message: 'the key is not valid' } });
    const handler = handlers.requests?.[`${served.method} ${served.path}`];
    if (handler === undefined) return answerStatus(response, 404, {}, { error: { message: `no ${served.path} here` } });
    try {
      await handler(served);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else answerStatus(response, 500, {}, { error: { message: String(error) } });
    }
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: MOST_BODY_BYTES, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const fault = next();
    const handler = handlers.sockets?.[new URL(request.url ?? '/', 'http://localhost').pathname];
    duplex.on('error', () => {});
    if (fault.type === 'mute') return void mute.push(duplex);
    if (fault.type === 'refuse') return void duplex.destroy();
    if (fault.type === 'status') return refuseUpgrade(duplex, fault.status, fault.headers, fault.body);
    if (refused(request)) return refuseUpgrade(duplex, 401, {}, { error: { message: 'the key is not valid' } });
    if (handler === undefined) return refuseUpgrade(duplex, 404, {}, { error: { message: 'no such socket' } });
    upgrades.handleUpgrade(request, duplex, head, (ws) => {
      const socket = new ServedSocket(request, ws, fault);
      sockets.push(socket);
      handler(socket);
    });
  });

  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const ws of upgrades.clients) ws.terminate();
    for (const duplex of mute) duplex.destroy();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}`,
    requests,
    sockets,
    fail: (...more) => void coming.push(...more),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BODY_BYTES) throw new RangeError('the body is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function answerStatus(response: ServerResponse, status: number, headers: object | undefined, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(textOf(body));
}

function refuseUpgrade(duplex: Duplex, status: number, headers: object | undefined, body: unknown): void {
  const text = textOf(body);
  const lines = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  duplex.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\n${head.join('')}\r\n${text}`);
}

function textOf(body: unknown): string {
  return body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
}
