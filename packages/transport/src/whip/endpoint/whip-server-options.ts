import { checkKeys, invalidArgument, outOfRange, SluiceError } from '@sluice/core';
import { isLoopbackHost } from '../../room/protocol/request-policy.ts';
import { TrustedProxies } from '../../room/server/trusted-proxies.ts';
import { isOrigin } from './cross-origin.ts';

/** A day. */
const LONGEST_MS = 86_400_000;

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
  /**
   * Addresses or networks of the proxies in front of it, as `127.0.0.1`: whom they name in `X-Forwarded-For` is the client whose sessions
   * are counted. Default: none, and all that come through a proxy are one.
   */
  readonly proxies?: readonly string[];
  /** Origins of pages that may publish and play beside its own, as `https://studio.example`. Default: none. */
  readonly origins?: readonly string[];
  /** Sessions at once. Each decodes and encodes a sound and a picture. Default: 8. */
  readonly maxSessions?: number;
  /** Sessions of one address; without `proxies` of all that come through one. Default: 8. */
  readonly maxSessionsPerAddress?: number;
  /** Offers in any minute, of all. Default: 120. */
  readonly maxOffersPerMinute?: number;
  /** A session ends after so long, in milliseconds. Default: it does not end by itself. */
  readonly maxSessionMs?: number;
}

/** The options with their defaults; throws at once for what is none. */
export function checkServerOptions(options: WhipServerOptions) {
  checkKeys<WhipServerOptions>('startWhipServer', options, {
    roomUrl: true,
    host: true,
    port: true,
    hosts: true,
    proxies: true,
    origins: true,
    maxSessions: true,
    maxSessionsPerAddress: true,
    maxOffersPerMinute: true,
    maxSessionMs: true,
  });
  const { roomUrl, host = '127.0.0.1', port = 0, hosts = [], origins = [], maxSessionMs } = options;
  const proxies = new TrustedProxies(options.proxies);
  const { maxSessions = 8, maxSessionsPerAddress = 8, maxOffersPerMinute = 120 } = options;
  if (typeof roomUrl !== 'function') throw invalidArgument('roomUrl', 'a function from a name to a URL', roomUrl);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw outOfRange('port', '0 to 65535', port);
  checkCount('maxSessions', maxSessions, 1_000);
  checkCount('maxSessionsPerAddress', maxSessionsPerAddress, 1_000);
  checkCount('maxOffersPerMinute', maxOffersPerMinute, 60_000);
  if (maxSessionMs !== undefined && !(maxSessionMs >= 1_000 && maxSessionMs <= LONGEST_MS))
    throw outOfRange('maxSessionMs', `1000 to ${LONGEST_MS}`, maxSessionMs);
  const odd = origins.find((origin) => !isOrigin(origin));
  if (odd !== undefined) throw invalidArgument('origins', 'origins such as https://studio.example', odd);
  if (!isLoopbackHost(host))
    throw new SluiceError('SLUICE_ROOM_INSECURE', 'an endpoint without TLS would be reachable from other machines', {
      expected: 'a loopback host',
      received: host,
      fix: 'Put a TLS proxy in front of it',
    });
  return {
    roomUrl,
    host,
    port,
    hosts,
    proxies,
    origins,
    maxSessions,
    maxSessionsPerAddress,
    maxOffersPerMinute,
    maxSessionMs,
  };
}

function checkCount(name: string, count: number, most: number): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= most)) throw outOfRange(name, `1 to ${most}`, count);
}
