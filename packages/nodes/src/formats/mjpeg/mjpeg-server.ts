// Pictures for browsers over HTTP: server, page, viewers. What feeds it is a sink.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SluiceError } from '@sluice/core';
import { isKnownHost, isLoopback } from './host-policy.ts';
import { mjpegPage } from './mjpeg-page.ts';
import {
  SnapshotViewer,
  StreamViewer,
  snapshotHeaders,
  streamHeaders,
  type Viewer,
  type ViewerCounts,
} from './mjpeg-viewer.ts';

export interface MjpegServerOptions {
  readonly host: string;
  readonly port: number;
  readonly hosts: readonly string[];
  readonly maxViewers: number;
  readonly title: string;
}

/** Requests that are answered at once come on top of the viewers. */
const OTHER_CONNECTIONS = 16;

const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  // Pages of others cannot show the pictures either.
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** Shows JPEG pictures to browsers: a page at `/`, the stream at `/stream`, the newest picture at `/picture.jpg`. */
export class MjpegServer {
  readonly counts: ViewerCounts = { sent: 0, dropped: 0 };
  readonly #options: MjpegServerOptions;
  readonly #loopback: boolean;
  readonly #joined: (viewer: Viewer) => void;
  readonly #server: Server;
  readonly #viewers = new Map<Viewer, ServerResponse>();

  private constructor(options: MjpegServerOptions, joined: (viewer: Viewer) => void) {
    this.#options = options;
    this.#loopback = isLoopback(options.host);
    this.#joined = joined;
    this.#server = createServer(
      {
        headersTimeout: 5_000,
        requestTimeout: 10_000,
        connectionsCheckingInterval: 1_000,
        maxHeaderSize: 16 * 1024,
        keepAlive: true,
      },
      (request, response) => this.#answer(request, response),
    );
    this.#server.maxConnections = options.maxViewers + OTHER_CONNECTIONS;
  }

  /** Listens. `joined` is told of each viewer. Throws `SLUICE_MJPEG_LISTEN`. */
  static async open(options: MjpegServerOptions, joined: (viewer: Viewer) => void): Promise<MjpegServer> {
    const server = new MjpegServer(options, joined);
    await server.#listen();
    return server;
  }

  /** `http://host:port/` */
  get url(): string {
    const { address, port, family } = this.#server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  show(jpeg: Uint8Array): void {
    for (const viewer of this.#viewers.keys()) viewer.show(jpeg);
  }

  /** Ends what viewers are shown. Resolves when all have got it: a slow one may take for ever. */
  async end(): Promise<void> {
    const closed = [...this.#viewers.values()].map(
      (response) => new Promise((resolve) => response.on('close', resolve)),
    );
    for (const viewer of this.#viewers.keys()) viewer.end();
    await Promise.all(closed);
  }

  /** Closes all connections and the port. */
  async close(): Promise<void> {
    this.#viewers.clear();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #listen(): Promise<void> {
    const { host, port } = this.#options;
    return new Promise((resolve, reject) => {
      const refuse = (cause: Error) => {
        const reason = `cannot listen on ${host}:${port}: ${cause.message}`;
        reject(
          new SluiceError('SLUICE_MJPEG_LISTEN', `toMjpeg ${reason}`, { cause, fix: 'Choose another port, or 0' }),
        );
      };
      this.#server.once('error', refuse);
      this.#server.listen(port, host, resolve);
      // A program that has nothing else to do may end.
      this.#server.unref();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { hosts, maxViewers } = this.#options;
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    // Viewers go when they want to.
    response.on('error', () => {});
    const path = (request.url ?? '').replace(/\?.*$/s, '');
    if (!isKnownHost(request.headers.host, this.#loopback, hosts)) refuse(response, 421);
    else if (!paths.includes(path)) refuse(response, 404);
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      refuse(response.setHeader('Allow', 'GET, HEAD'), 405);
    else if (path === '/') this.#showPage(response);
    else if (this.#viewers.size >= maxViewers) refuse(response.setHeader('Retry-After', '5'), 503);
    else if (request.method === 'HEAD')
      response.writeHead(200, path === '/stream' ? streamHeaders : snapshotHeaders).end();
    else if (path === '/stream') this.#join(new StreamViewer(response, this.counts), response);
    else this.#join(new SnapshotViewer(response, this.counts), response);
  }

  /** To a HEAD request Node sends the head alone. */
  #showPage(response: ServerResponse): void {
    const page = Buffer.from(mjpegPage(this.#options.title));
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Length': page.length,
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(page);
  }

  #join(viewer: Viewer, response: ServerResponse): void {
    this.#viewers.set(viewer, response);
    response.on('close', () => this.#viewers.delete(viewer));
    this.#joined(viewer);
  }
}

const paths = ['/', '/stream', '/picture.jpg'];

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end();
}
