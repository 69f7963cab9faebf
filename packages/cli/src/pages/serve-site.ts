import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notInstalled } from '../errors.ts';

/** Where the built site lies, if it was built. */
export const siteFolder = fileURLToPath(new URL('../../site/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
  '.woff2': 'font/woff2',
};

/** What a page may load: itself, and nothing from elsewhere. Its own two scripts are written into it. */
const POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:";

/** A site that is served. */
export interface ServedSite {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Serves the files of a folder on loopback, to be read and nothing else.
 *
 * @throws SLUICE_CLI_ENVIRONMENT where the folder has no site; whatever listening on the port throws
 */
export async function serveSite(folder: string, port: number): Promise<ServedSite> {
  if (!existsSync(join(folder, 'index.html')))
    throw notInstalled('the site of the documentation was not built', 'npm run docs:site');
  const server = createServer((request, response) => void answer(folder, request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${taken}/`, close };
}

async function answer(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const refuse = (status: number) => response.writeHead(status).end();
  // Another name for this machine is that of a page that wants to read it.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(request.headers.host ?? '')) return void refuse(403);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void refuse(405);
  const path = pathOf(request.url ?? '/');
  const file = path === undefined ? undefined : await fileAt(join(folder, path));
  if (file === undefined) return void refuse(404);
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') return void response.end();
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response);
}

/** Below the folder, or none. */
function pathOf(url: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname));
    return path.includes('\0') || path.split(sep).includes('..') ? undefined : path;
  } catch {
    return undefined;
  }
}

/** A folder stands for its index, and a page may be named without its ending. */
async function fileAt(path: string): Promise<string | undefined> {
  for (const one of [path, join(path, 'index.html'), `${path}.html`])
    if ((await stat(one).catch(() => undefined))?.isFile()) return one;
  return undefined;
}
