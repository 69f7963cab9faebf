import { timingSafeEqual } from 'node:crypto';

/** What of a request decides whether it comes in at all. */
export interface Knock {
  readonly host: string | undefined;
  readonly origin: string | undefined;
}

/**
 * The status for whom this is not meant, undefined for who may go on. A page of another origin, or of a name that was made to
 * point here, stays outside: 421 for another host, 403 for another origin. Programs send no origin.
 */
export function doorFault({ host, origin }: Knock, port: number): 403 | 421 | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (host === undefined || !hosts.includes(host)) return 421;
  if (origin !== undefined && origin !== `http://${host}`) return 403;
  return undefined;
}

/** Compares in a time that says nothing of the token. */
export function isToken(given: string | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The token of `Authorization: Bearer ...`. */
export function bearerOf(header: string | undefined): string | undefined {
  return header?.startsWith('Bearer ') === true ? header.slice('Bearer '.length) : undefined;
}
