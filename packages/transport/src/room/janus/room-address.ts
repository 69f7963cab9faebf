import { SluiceError } from '@sluice/core';
import { isRoomName, roomOfPath } from '@sluice/protocol';
import { shownMeetingUrl } from '../shown-url.ts';

/** Publishers that a room of ours takes; the plugin's own default is 3. */
const PUBLISHERS = 64;
const KEYS = ['create', 'secret', 'pin', 'apisecret', 'apitoken', 'publishers', 'servers', 'recorded'] as const;

/** What a meeting URL of a Janus room says. */
export interface RoomAddress {
  /** Digits for a numeric room, else its name. */
  readonly room: string;
  readonly numeric: boolean;
  /** A missing room is made. */
  readonly create: boolean;
  /** Of the room: makes an owner, who may remove others. */
  readonly secret?: string | undefined;
  /** Of the room: whoever enters knows it. */
  readonly pin?: string | undefined;
  /** Of the server. */
  readonly apiSecret?: string | undefined;
  /** Of ours at the server, which is none of the room. */
  readonly apiToken?: string | undefined;
  /** Publishers that a room takes which is made. */
  readonly publishers: number;
  /** Somebody records the room: a track that is off is sent as silence, or its recording would lack the time. */
  readonly recorded: boolean;
  /** Meeting URLs of the room on each of its servers: more than one make one room of it. */
  readonly servers: readonly URL[];
}

/**
 * Reads `janus+ws://host:port/room?create&secret=...&pin=...&apisecret=...&apitoken=...&publishers=...&servers=...&recorded`.
 *
 * @throws `SLUICE_ROOM_URL` if there is no room name in it, or a key that is none of these.
 */
export function roomAddress(url: URL): RoomAddress {
  const room = roomOfPath(url.pathname);
  if (room === undefined || !isRoomName(room)) throw wrong(url, 'ends in no room name', '1 to 128 of A-Z a-z 0-9 _ -');
  const { searchParams: query } = url;
  const unknown = [...query.keys()].find((key) => !KEYS.some((known) => known === key));
  // A token in an address ends up in logs.
  if (unknown === 'token' || unknown === 't')
    throw wrong(url, 'has a token in it', 'the token apart from the URL: join(url, { token })');
  if (unknown !== undefined) throw wrong(url, `has ?${unknown}`, `the keys ${KEYS.join(', ')}`);
  const publishers = Number(query.get('publishers') ?? PUBLISHERS);
  if (!Number.isInteger(publishers) || publishers < 1 || publishers > 10_000)
    throw wrong(url, 'has another number of publishers', 'an integer from 1 to 10000');
  return {
    room,
    // A number beyond this one is not the same any more when it was read.
    numeric: /^\d{1,15}$/.test(room),
    create: query.has('create'),
    secret: query.get('secret') ?? undefined,
    pin: query.get('pin') ?? undefined,
    apiSecret: query.get('apisecret') ?? undefined,
    apiToken: query.get('apitoken') ?? undefined,
    publishers,
    recorded: query.has('recorded'),
    servers: serversOf(url),
  };
}

/** The one of the URL, and those beside it: `?servers=10.0.0.2:8188,10.0.0.3:8188`. */
function serversOf(url: URL): URL[] {
  const listed = url.searchParams.get('servers')?.split(',') ?? [];
  const servers = [url.host, ...listed].map((host) => {
    const text = `${url.protocol}//${host}${url.pathname}`;
    const server = URL.canParse(text) ? new URL(text) : undefined;
    if (server?.host !== host || host === '')
      throw wrong(
        url,
        'names a server beside it that is none',
        'host:port, with commas between them, as it is written',
      );
    return server;
  });
  return servers.filter(({ host }, n) => servers.findIndex((other) => other.host === host) === n);
}

function wrong({ href }: URL, what: string, expected: string): SluiceError {
  return new SluiceError('SLUICE_ROOM_URL', `the meeting URL of a Janus room ${what}`, {
    expected,
    received: shownMeetingUrl(href),
    fix: 'Write it as in janus+ws://127.0.0.1:8188/hello?create',
  });
}
