import { checkKeys, invalidArgument } from '@sluice/core';
import { roomOfPath } from '@sluice/protocol';
import type { MiddlewareHandler } from 'hono';
import { type PageFile, type PageFiles, readPageFiles } from './page-files.ts';

/** Who may show the page of a room in a frame. */
export interface PageOptions {
  /** Origins whose pages may show a room in a frame: `https://intranet.example`. Default: none. */
  readonly frameAncestors?: readonly string[];
}

/** A file under `assets`, wherever the rooms are mounted: the page asks for its files relative to the room's address. */
const ASSET = /\/assets\/([^/]+)$/;
const ORIGIN = /^https?:\/\/[\w.-]+(?::\d{1,5})?$/;
const HOST = /^[\w.-]+(?::\d{1,5})?$/;
/** Names of assets carry a hash of their content. */
const FOREVER = 'public, max-age=31536000, immutable';

const permissions = [
  'camera=(self), microphone=(self), display-capture=(self)',
  'geolocation=(), hid=(), midi=(), payment=(), serial=(), usb=()',
].join(', ');

/**
 * Gives browsers that ask for a room the page of `@sluice/page`. Whoever asks for JSON, or for nothing, goes on to the
 * next handler. The page's files are read at its first request.
 *
 * @throws TypeError for an origin that is none.
 */
export function pageRoute(options: PageOptions = {}, read = readPageFiles): MiddlewareHandler {
  checkKeys<PageOptions>('page', options, { frameAncestors: true });
  const { frameAncestors = [] } = options;
  const odd = frameAncestors.find((origin) => !ORIGIN.test(origin));
  if (odd !== undefined) throw invalidArgument('page.frameAncestors', 'origins such as https://intranet.example', odd);
  let reading: Promise<PageFiles | undefined> | undefined;

  return async ({ req }, next) => {
    const asset = ASSET.exec(req.path)?.[1];
    const wantsPage = asset === undefined && (req.header('accept') ?? '').includes('text/html');
    if (asset === undefined && !wantsPage) return next();
    reading ??= read();
    const files = await reading;
    const file = asset === undefined ? files?.index : files?.assets.get(asset);
    if (file === undefined) return next();
    const zipped = (req.header('accept-encoding') ?? '').includes('gzip');
    const headers = new Headers({ ...headersOf(file), vary: 'Accept, Accept-Encoding' });
    if (zipped) headers.set('content-encoding', 'gzip');
    headers.set('cache-control', wantsPage ? 'no-cache' : FOREVER);
    if (wantsPage) headers.set('content-security-policy', contentPolicy(req.header('host') ?? '', frameAncestors));
    const status = asset !== undefined || req.path === '/' || roomOfPath(req.path) !== undefined ? 200 : 404;
    return new Response(zipped ? file.gzipped : file.bytes, { status, headers });
  };
}

function headersOf({ type }: PageFile): Record<string, string> {
  return {
    'content-type': type,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': permissions,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}

function contentPolicy(host: string, frameAncestors: readonly string[]): string {
  // Not every browser takes 'self' for the sockets of the same host.
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "media-src 'self'",
    `connect-src 'self'${sockets}`,
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
    "require-trusted-types-for 'script'",
  ].join('; ');
}
