import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { type Clock, isSluiceError } from '@sluice/core';
import { limits, TokenBucket } from '@sluice/protocol';
import type { MediaHost } from '../../host/media-host.ts';
import { requestFault } from '../../room/protocol/request-policy.ts';
import { sourceOf } from '../../room/server/source-of.ts';
import type { TrustedProxies } from '../../room/server/trusted-proxies.ts';
import { readIceFragment } from '../ice-fragment.ts';
import { readBounded } from '../read-bounded.ts';
import { sdpFault, sdpSections } from '../sdp-sections.ts';
import { crossOriginHeaders } from './cross-origin.ts';
import type { EndpointPeer } from './endpoint-peer.ts';
import { EndpointSession } from './endpoint-session.ts';

const SDP = 'application/sdp';
const FRAGMENT = 'application/trickle-ice-sdpfrag';
/** Candidates of one PATCH, in bytes. */
const LONGEST_FRAGMENT = 16 * 1_024;
const PATH = /^\/(whip|whep)\/([\w-]{1,128})(?:\/([0-9a-f]{32}))?$/;

/** An HTTP status for what rooms say to those who may not enter. */
const statuses: Readonly<Record<string, number>> = {
  SLUICE_ROOM_TOKEN: 401,
  SLUICE_ROOM_UNKNOWN: 404,
  SLUICE_ROOM_FULL: 503,
  SLUICE_JOIN_UNREACHABLE: 502,
  SLUICE_JOIN_REFUSED: 403,
  SLUICE_HOST_NEGOTIATION: 400,
};

export interface WhipEndpointOptions {
  readonly roomUrl: (room: string) => string;
  readonly hosts: readonly string[];
  readonly proxies: TrustedProxies;
  readonly origins: readonly string[];
  readonly maxSessions: number;
  readonly maxSessionsPerAddress: number;
  readonly maxOffersPerMinute: number;
  readonly maxSessionMs: number | undefined;
  readonly clock: Clock;
  /** The media host of now. */
  readonly host: () => MediaHost;
  readonly createPeer: (kind: 'whip' | 'whep', host: MediaHost) => EndpointPeer;
}

interface Entry {
  readonly session: EndpointSession;
  readonly source: string;
  readonly path: string;
}

/** What WHIP and WHEP ask by HTTP, and what is answered (RFC 9725, draft-ietf-wish-whep): offers, and the sessions that they make. */
export class WhipEndpoint {
  readonly #options: WhipEndpointOptions;
  readonly #offers: TokenBucket;
  readonly #sessions = new Map<string, Entry>();
  #closed = false;

  constructor(options: WhipEndpointOptions) {
    this.#options = options;
    const { maxOffersPerMinute, clock } = options;
    this.#offers = new TokenBucket({ burst: maxOffersPerMinute, perSecond: maxOffersPerMinute / 60, clock });
  }

  get size(): number {
    return this.#sessions.size;
  }

  fetch = async (request: Request, env?: { readonly incoming?: IncomingMessage }): Promise<Response> => {
    const { hosts, origins, proxies } = this.#options;
    const { headers } = request;
    const [host, origin] = [headers.get('host') ?? '', headers.get('origin') ?? undefined];
    const fault = requestFault({ host, origin }, { loopback: true, hosts, origins });
    if (fault !== undefined) return answer(fault);
    const response = await this.#answer(request, sourceOf(env?.incoming && proxies.clientOf(env.incoming)));
    for (const [name, value] of Object.entries(crossOriginHeaders(request, origins))) response.headers.set(name, value);
    return response;
  };

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions.values()].map(({ session }) => session.close()));
  }

  async #answer(request: Request, source: string): Promise<Response> {
    const { method } = request;
    const { pathname } = new URL(request.url);
    const [, kind, room, id] = PATH.exec(pathname) ?? [];
    if (room === undefined) return answer(404);
    const allow = id === undefined ? 'POST, OPTIONS' : 'PATCH, DELETE, OPTIONS';
    const takes = id === undefined ? { 'accept-post': SDP } : { 'accept-patch': FRAGMENT };
    // Also of a session that is over: a browser would keep the 404 that follows from its page.
    if (method === 'OPTIONS') return answer(200, { allow, ...takes });
    if (!allow.includes(method)) return answer(405, { allow });
    if (id === undefined) return this.#create(request, kind === 'whip' ? 'whip' : 'whep', room, source);
    const entry = this.#sessions.get(id);
    // Whoever knows the number of a session, which is a secret, may change and end it.
    if (entry === undefined || pathname !== entry.path) return answer(404);
    if (method === 'PATCH') return patch(request, entry.session);
    await entry.session.close();
    return answer(200);
  }

  async #create(request: Request, kind: 'whip' | 'whep', room: string, source: string): Promise<Response> {
    if (!isOf(request, SDP)) return answer(415, { 'accept-post': SDP });
    const offer = await readBounded(request.body, limits.sdpLength);
    if (offer === undefined) return answer(413);
    const fault = sdpFault(offer) ?? mediaFault(offer);
    if (fault !== undefined) return new Response(fault, { status: 400 });
    const refusal = this.#refusal(source);
    if (refusal !== undefined) return refusal;
    const { roomUrl, clock, hosts, maxSessionMs, createPeer } = this.#options;
    const id = randomBytes(16).toString('hex');
    const path = `/${kind}/${room}/${id}`;
    const host = this.#options.host();
    const session = new EndpointSession({
      peer: createPeer(kind, host),
      host,
      clock,
      loopback: hosts.length === 0,
      lastsMs: maxSessionMs,
      ended: () => void this.#sessions.delete(id),
    });
    this.#sessions.set(id, { session, source, path });
    try {
      const token = /^Bearer ([\x21-\x7e]{1,8192})$/i.exec(request.headers.get('authorization') ?? '')?.[1];
      const { answer: sdp, etag } = await session.open({ roomUrl: roomUrl(room), token }, offer);
      const headers = { 'content-type': SDP, location: path, etag, 'accept-patch': FRAGMENT };
      return new Response(sdp, { status: 201, headers });
    } catch (error) {
      await session.close();
      return answer((isSluiceError(error) ? statuses[error.code] : undefined) ?? 500);
    }
  }

  /** Why there is no further session just now. */
  #refusal(source: string): Response | undefined {
    const { maxSessions, maxSessionsPerAddress, maxOffersPerMinute } = this.#options;
    const ofSource = [...this.#sessions.values()].filter((one) => one.source === source).length;
    if (this.#closed || this.size >= maxSessions) return answer(503, { 'retry-after': '5' });
    if (ofSource >= maxSessionsPerAddress) return answer(429, { 'retry-after': '5' });
    if (this.#offers.tryTake()) return undefined;
    return answer(429, { 'retry-after': String(Math.ceil(((1 - this.#offers.left) * 60) / maxOffersPerMinute)) });
  }
}

/** Candidates, or a restart of ICE (RFC 9725, 4.3.1). */
async function patch(request: Request, session: EndpointSession): Promise<Response> {
  if (!isOf(request, FRAGMENT)) return answer(415, { 'accept-patch': FRAGMENT });
  const body = await readBounded(request.body, LONGEST_FRAGMENT);
  if (body === undefined) return answer(413);
  const fragment = readIceFragment(body);
  if (fragment === undefined) return answer(400);
  const tag = request.headers.get('if-match')?.trim();
  if (tag === undefined) return answer(428);
  // The example of the RFC has the star in quotes.
  const reply = await session.patch(tag === '"*"' ? '*' : tag, fragment).catch(() => undefined);
  if (reply === undefined) return answer(500);
  if (reply.status === 429) return answer(429, { 'retry-after': '5' });
  if (reply.status !== 200) return answer(reply.status);
  return new Response(reply.fragment, { status: 200, headers: { 'content-type': FRAGMENT, etag: reply.etag } });
}

/** A session with neither would be in the room for nothing, as long as its owner likes. */
function mediaFault(offer: string): string | undefined {
  const hasMedia = sdpSections(offer).some(({ kind }) => kind === 'audio' || kind === 'video');
  return hasMedia ? undefined : 'it has neither sound nor pictures';
}

function isOf(request: Request, type: string): boolean {
  const [given = ''] = (request.headers.get('content-type') ?? '').split(';');
  return given.trim().toLowerCase() === type;
}

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}
