import { invalidArgument } from '@sluice/core';

/** What stands in a query: what is undefined is left out, a list is repeated. */
export type SocketQuery = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** @throws TypeError for anything but an address of `https:`, `http:`, `wss:` or `ws:` */
/** Refuses what is no address of a service; `name` is the option that the message blames. */
export function checkBaseUrl(name: string, baseUrl: unknown): void {
  const protocol = typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl).protocol : '';
  if (!/^(?:https?|wss?):$/.test(protocol))
    throw invalidArgument(name, 'an address of https:, http:, wss: or ws:', baseUrl);
}

/** The address of a socket below a base: `https:` becomes `wss:`, the path of the base stays in front. */
export function socketUrl(baseUrl: string, path: string, query: SocketQuery = {}): URL {
  const url = new URL(baseUrl.replace(/^http/, 'ws'));
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) for (const one of [value].flat()) url.searchParams.append(name, String(one));
  return url;
}
