import { type Clock, toError } from '@sluice/core';
import { isLoopbackHost } from '../room/protocol/request-policy.ts';
import { readBounded } from './read-bounded.ts';
import { whipEndpoint, whipUnreachable } from './whip-errors.ts';

/** An answer of an endpoint has to be there within this time, in milliseconds. */
const ANSWER_MS = 5_000;
/** The longest body of an answer in bytes. */
const LONGEST_BODY = 64 * 1_024;
const MOST_REDIRECTS = 4;

interface WhipRequest {
  readonly method: 'OPTIONS' | 'POST' | 'PATCH' | 'DELETE';
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: 5,000. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

export interface WhipReply {
  /** Of the one that answered: redirects lead elsewhere. */
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface WhipHttpOptions {
  readonly url: URL;
  readonly token: string | undefined;
  readonly clock: Clock;
}

/** Requests of one session: bounded in time and size, with the token where it may go. */
export class WhipHttp {
  readonly #options: WhipHttpOptions;

  constructor(options: WhipHttpOptions) {
    this.#options = options;
  }

  /** Follows 307 and 308, which keep the method and the body. */
  async ask(url: URL, request: WhipRequest): Promise<WhipReply> {
    let at = url;
    for (let count = 0; count <= MOST_REDIRECTS; count++) {
      const reply = await this.#askOnce(at, request);
      if (reply.status !== 307 && reply.status !== 308) return reply;
      const next = resolved(reply.headers.get('location'), at);
      if (next === undefined || (at.protocol === 'https:' && next.protocol !== 'https:'))
        throw whipEndpoint(at, 'a redirect to another address of http or https', 'one to nowhere or in clear');
      at = next;
    }
    throw whipEndpoint(url, `at most ${MOST_REDIRECTS} redirects`, 'more');
  }

  async #askOnce(url: URL, request: WhipRequest): Promise<WhipReply> {
    const { clock } = this.#options;
    const { method, type, body, headers = {}, withinMs = ANSWER_MS, signal } = request;
    const stop = new AbortController();
    const abort = () => stop.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    const cancel = clock.at(clock.now() + withinMs, () => stop.abort(new Error(`no answer within ${withinMs} ms`)));
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        signal: stop.signal,
        headers: { ...headers, ...(type && { 'content-type': type }), ...this.#authorization(url) },
        ...(body !== undefined && { body }),
      });
      const text = await readBounded(response.body, LONGEST_BODY);
      if (text === undefined) throw whipEndpoint(url, `an answer of at most ${LONGEST_BODY} bytes`, 'a longer one');
      return { url, status: response.status, headers: response.headers, text };
    } catch (cause) {
      const error = toError(cause);
      throw 'code' in error && error.code === 'SLUICE_WHIP_ENDPOINT' ? error : whipUnreachable(url, error);
    } finally {
      cancel();
      signal?.removeEventListener('abort', abort);
    }
  }

  #authorization(url: URL): { readonly authorization?: string } {
    const { token, url: given } = this.#options;
    return token === undefined || !mayHaveToken(url, given) ? {} : { authorization: `Bearer ${token}` };
  }
}

/** To another machine than the one that it was given for a token goes encrypted or not at all. */
export function mayHaveToken(url: URL, given: URL): boolean {
  return url.origin === given.origin || url.protocol === 'https:' || isLoopbackHost(url.hostname);
}

/** An address in an answer, which may be relative; undefined for none of http. */
export function resolved(location: string | null, base: URL): URL | undefined {
  if (location === null || !URL.canParse(location, base.href)) return undefined;
  const url = new URL(location, base);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
