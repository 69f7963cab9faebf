import { isIP } from 'node:net';
import { checkKeys, invalidArgument } from '@sluice/core';
import type { IceSettings } from '../host/media-host.ts';

/** A STUN or TURN server. */
export interface IceServer {
  /** `stun:host`, `stuns:host`, `turn:host?transport=tcp`, `turns:host:port` (RFC 7064, RFC 7065). */
  readonly urls: string | readonly string[];
  /** Needed for `turn:` and `turns:`. */
  readonly username?: string;
  /** The password to `username`. Needed for `turn:` and `turns:`. */
  readonly credential?: string;
}

/** Servers and policy for connections between participants. */
export interface IceConfig {
  /** Where these servers stand beside those of the room. Rooms of this release have none. Default: `front`. */
  readonly placement?: 'replace' | 'back' | 'front';
  /** At most 16, with 16 URLs in all: each one is asked by each connection. */
  readonly iceServers: readonly IceServer[];
  /** `relay`: media goes through TURN and no other way. Default: `all`. */
  readonly iceTransportPolicy?: 'all' | 'relay';
}

const MOST_URLS = 16;
const LONGEST = 1_024;
const URL_FORM = /^(stuns?|turns?):(\[[^\]]*\]|[^:?[\]/@]*)(?::(\d{1,5}))?(?:\?transport=(udp|tcp))?$/i;
const HOST_NAME = /^(?=.{1,253}$)[a-z\d_](?:[a-z\d_-]*[a-z\d_])?(?:\.[a-z\d_](?:[a-z\d_-]*[a-z\d_])?)*\.?$/i;

/** What connections use of a configuration, which is checked here: the engine says "parse failed" to all that is wrong. */
export function checkIceConfig(config: IceConfig | null): IceSettings {
  if (config === null) return {};
  const keys = { placement: true, iceServers: true, iceTransportPolicy: true } as const;
  checkKeys<IceConfig>('iceConfig', config, keys);
  const { placement = 'front', iceServers, iceTransportPolicy = 'all' } = config;
  if (!['replace', 'back', 'front'].includes(placement))
    throw invalidArgument('iceConfig.placement', 'replace, back or front', placement);
  if (iceTransportPolicy !== 'all' && iceTransportPolicy !== 'relay')
    throw invalidArgument('iceConfig.iceTransportPolicy', 'all or relay', iceTransportPolicy);
  if (!Array.isArray(iceServers)) throw invalidArgument('iceConfig.iceServers', 'an array of servers', iceServers);
  const servers = iceServers.map((server, index) => checkServer(server, `iceConfig.iceServers[${index}]`));
  const urls = servers.flatMap((server) => server.urls);
  if (urls.length > MOST_URLS)
    throw invalidArgument('iceConfig.iceServers', `at most ${MOST_URLS} URLs`, `${urls.length}`);
  if (iceTransportPolicy === 'relay' && !urls.some((url) => /^turn/i.test(url)))
    throw invalidArgument('iceConfig.iceServers', 'a turn: or turns: server, as iceTransportPolicy is relay', urls);
  return { iceServers: servers, iceTransportPolicy };
}

function checkServer(server: IceServer, name: string) {
  checkKeys<IceServer>(name, server, { urls: true, username: true, credential: true });
  const urls: readonly unknown[] = typeof server.urls === 'string' ? [server.urls] : server.urls;
  if (!Array.isArray(urls) || urls.length === 0)
    throw invalidArgument(`${name}.urls`, 'a URL, or an array of one or more', server.urls);
  const checked = urls.map((url) => checkUrl(url, `${name}.urls`));
  const turn = checked.find((url) => /^turn/i.test(url));
  for (const key of ['username', 'credential'] as const) {
    const value: unknown = server[key];
    // What was given is not told: it may be the secret.
    if (value === undefined ? turn !== undefined : typeof value !== 'string' || !fits(value))
      throw invalidArgument(
        `${name}.${key}`,
        `text of 1 to ${LONGEST} characters${turn === undefined ? '' : ` for ${turn}`}`,
        value === undefined ? undefined : 'something else',
      );
  }
  const { username, credential } = server;
  return {
    urls: checked,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  };
}

function checkUrl(url: unknown, name: string): string {
  if (typeof url !== 'string') throw invalidArgument(name, 'a URL as text', url);
  const fail = (rule: string) => invalidArgument(name, rule, shown(url));
  const match = url.length > LONGEST ? null : URL_FORM.exec(url);
  if (match === null) throw fail('stun:, stuns:, turn: or turns:, then host, host:port, [IPv6] or [IPv6]:port');
  const [, scheme = '', host = '', port, transport] = match;
  const named = host.startsWith('[') ? isIP(host.slice(1, -1)) === 6 : HOST_NAME.test(host) && validIfDigits(host);
  if (!named) throw fail('the name or address of a host, IPv6 in brackets');
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) throw fail('a port of 1 to 65535');
  if (transport !== undefined && /^stun/i.test(scheme)) throw fail('?transport= with turn: and turns: only');
  if (transport?.toLowerCase() === 'udp' && /^turns$/i.test(scheme)) throw fail('?transport=tcp with turns:');
  return url;
}

/** `300.1.1.1` and `127.1` are no host names. */
function validIfDigits(host: string): boolean {
  return !/^[\d.]+$/.test(host) || isIP(host) === 4;
}

function fits(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST;
}

/** Somebody may have put credentials into the URL, where they do not belong. */
function shown(url: string): string {
  return url.replace(/:.*@/s, ':***@').slice(0, 200);
}
