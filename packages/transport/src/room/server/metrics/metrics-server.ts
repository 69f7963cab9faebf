// Figures of a room server for Prometheus, on a port of their own that only this machine reaches. Knows no room: it
// asks for the text at each request.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkKeys, METRICS_TYPE } from '@sluice/core';
import { ApiKeys } from '../rest/api-keys.ts';

/** Where the figures of a room server are read, and by whom. */
export interface MetricsOptions {
  /** Whoever reads the figures says `authorization: Bearer` and this, 32 characters at least. Not a key of the REST API. */
  readonly key: string;
  /** Default: 0, any free port. Always on 127.0.0.1. */
  readonly port?: number;
}

export interface MetricsServer {
  /** `http://127.0.0.1:port/metrics` */
  readonly url: string;
  close(): Promise<void>;
}

/** @throws what Node's server throws when it cannot listen. */
export async function startMetricsServer(options: MetricsOptions, text: () => string): Promise<MetricsServer> {
  checkKeys<MetricsOptions>('metrics', options, { key: true, port: true });
  const keys = new ApiKeys('metrics.key', [options.key]);
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 });
  server.maxConnections = 16;
  server.on('request', ({ method, url, headers }, response) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (keys.callerOf(headers.authorization) === undefined)
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    else if (method !== 'GET' || url !== '/metrics') response.writeHead(404).end();
    else response.writeHead(200, { 'content-type': METRICS_TYPE, 'cache-control': 'no-store' }).end(text());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
