import type { IceServer } from '../call/ice-config.ts';
import type { HostIceCandidate } from '../host/media-host.ts';
import { type IceFragment, readIceFragment } from './ice-fragment.ts';
import { iceServersOf } from './link-header.ts';
import { sdpFault, sdpSections, trickleFragment } from './sdp-sections.ts';
import { whipAnswer, whipEndpoint, whipRefused, whipToken } from './whip-errors.ts';
import { resolved, WhipHttp, type WhipHttpOptions, type WhipReply } from './whip-http.ts';

/** What was not asked for is not waited for long, in milliseconds. */
const ADVICE_MS = 1_500;
const MOST_TEXT = 200;
const FRAGMENT = 'application/trickle-ice-sdpfrag';
/** What an endpoint says that may say something else a moment later. */
const LATER = [408, 425, 429, 500, 502, 503, 504];

/** A session as the endpoint knows it: made by POST, told of candidates by PATCH, ended by DELETE. */
export class WhipResource {
  readonly #http: WhipHttp;
  readonly #endpoint: URL;
  #session: { readonly url: URL; readonly etag: string | null } | undefined;
  #trickles = true;

  constructor(options: WhipHttpOptions) {
    this.#http = new WhipHttp(options);
    this.#endpoint = options.url;
  }

  /** The STUN and TURN servers that the endpoint recommends. Many say nothing to OPTIONS. */
  async iceServers(signal: AbortSignal): Promise<readonly IceServer[]> {
    const asked = this.#http.ask(this.#endpoint, { method: 'OPTIONS', withinMs: ADVICE_MS, signal });
    return asked.then(({ headers }) => iceServersOf(headers.get('link'))).catch(() => []);
  }

  /**
   * Sends the offer and returns the answer. One that was given up meanwhile still has to be ended by `delete`.
   *
   * @throws `SLUICE_WHIP_UNREACHABLE`, `SLUICE_WHIP_TOKEN`, `SLUICE_WHIP_ENDPOINT`, `SLUICE_WHIP_REFUSED`, `SLUICE_WHIP_ANSWER`
   */
  async post(offer: string): Promise<string> {
    const headers = { accept: 'application/sdp' };
    const reply = await this.#http.ask(this.#endpoint, {
      method: 'POST',
      type: 'application/sdp',
      body: offer,
      headers,
    });
    if (reply.status !== 201) throw notCreated(reply);
    const url = resolved(reply.headers.get('location'), reply.url);
    if (url === undefined) throw whipEndpoint(reply.url, 'the address of the session in Location', 'none');
    this.#session = { url, etag: reply.headers.get('etag') };
    const type = reply.headers.get('content-type') ?? 'no type';
    if (!/^application\/sdp\s*(;|$)/i.test(type)) throw whipAnswer(`it is ${type.slice(0, MOST_TEXT)}`);
    const fault = sdpFault(reply.text) ?? unlike(offer, reply.text);
    if (fault !== undefined) throw whipAnswer(fault);
    return reply.text;
  }

  /** Tells of candidates that came after the offer. Servers need not take them, and some never do. */
  async trickle(offer: string, candidates: readonly HostIceCandidate[]): Promise<void> {
    if (this.#session === undefined || !this.#trickles) return;
    const { url, etag } = this.#session;
    const reply = await this.#http
      .ask(url, {
        method: 'PATCH',
        type: FRAGMENT,
        body: trickleFragment(offer, candidates),
        headers: etag === null ? {} : { 'if-match': etag },
      })
      .catch(() => undefined);
    if (reply === undefined || reply.status >= 300) this.#trickles = false;
  }

  /**
   * Restarts ICE (RFC 9725, 4.3.3) with a fragment of ours. Returns the endpoint's own, its refusal in words, or undefined where
   * nobody answered who could.
   */
  async restart(fragment: string): Promise<IceFragment | string | undefined> {
    if (this.#session === undefined) return undefined;
    const { url } = this.#session;
    const reply = await this.#http
      .ask(url, { method: 'PATCH', type: FRAGMENT, body: fragment, headers: { 'if-match': '*' } })
      .catch(() => undefined);
    if (this.#session === undefined || reply === undefined || LATER.includes(reply.status)) return undefined;
    if (reply.status !== 200) return `it answers a restart of ICE with status ${reply.status}`;
    this.#session = { url, etag: reply.headers.get('etag') };
    this.#trickles = true;
    return readIceFragment(reply.text) ?? 'it answers a restart of ICE with no name and password';
  }

  /** Ends the session, if there is one. Nobody can help where that fails: the endpoint finds out by itself. */
  async delete(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    if (session !== undefined) await this.#http.ask(session.url, { method: 'DELETE' }).catch(() => {});
  }
}

function notCreated({ url, status, headers, text }: WhipReply) {
  if (status === 401 || status === 403) return whipToken(url, status);
  if (status < 400 || [404, 405, 415, 501].includes(status))
    return whipEndpoint(url, 'status 201 to an offer', `status ${status}`);
  const isText = /^(text\/plain|application\/(problem\+)?json)/i.test(headers.get('content-type') ?? '');
  // A foreign text may be as long as it likes and hold what a terminal obeys.
  return whipRefused(url, status, isText ? text.slice(0, MOST_TEXT).replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ') : '');
}

function unlike(offer: string, answer: string): string | undefined {
  const [asked, given] = [sdpSections(offer), sdpSections(answer)];
  if (asked.length !== given.length) return `it has ${given.length} media sections for ${asked.length}`;
  return asked.every(({ kind }, index) => kind === given[index]!.kind) ? undefined : 'its media are others';
}
