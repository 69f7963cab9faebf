import { roomOfPath } from '@sluice/protocol';

/** What the address of the page says. */
export interface RoomAddress {
  /** Of the room, as programs join it: without token and query. */
  readonly url: string;
  /** Undefined if the path ends in no room name. */
  readonly room: string | undefined;
  readonly token: string | undefined;
  /** A token stood in the query, where servers and proxies write it down. */
  readonly tokenInQuery: boolean;
}

/** Reads the address, and takes the token out of it at once: it stays neither in the history nor on the screen. */
export function readRoomAddress(location: Location, history: History): RoomAddress {
  const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? undefined;
  const query = new URLSearchParams(location.search);
  const tokenInQuery = query.has('t') || query.has('token');
  if (token !== undefined || tokenInQuery) history.replaceState(null, '', location.pathname);
  const url = `${location.origin}${location.pathname}`;
  return { url, room: roomOfPath(location.pathname), token, tokenInQuery };
}
