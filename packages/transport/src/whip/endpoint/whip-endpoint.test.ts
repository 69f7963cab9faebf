import type { IncomingMessage } from 'node:http';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostConnection, HostIceCandidate, HostSessionDescription, MediaHost } from '../../host/media-host.ts';
import { TrustedProxies } from '../../room/server/trusted-proxies.ts';
import { WhipEndpoint, type WhipEndpointOptions } from './whip-endpoint.ts';

const PAGE = 'https://studio.example';
const description = (user: string) =>
  ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0', `a=ice-ufrag:${user}`, `a=ice-pwd:${'p'.repeat(24)}`]
    .concat('a=fingerprint:sha-256 AA', '')
    .join('\r\n');
const candidate = (port: number) => `candidate:1 1 udp 1 127.0.0.1 ${port} typ host`;
const fragment = (user: string, ...ports: readonly number[]) =>
  [`a=ice-ufrag:${user}`, `a=ice-pwd:${'q'.repeat(24)}`, 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=mid:0']
    .concat(ports.map((port) => `a=${candidate(port)}`))
    .join('\r\n');

/** An engine as its messages are: it takes offers, answers each with another name, and says what it was told. */
class Engine {
  readonly offers: string[] = [];
  readonly candidates: (string | null)[] = [];
  closed = 0;
  refuses = false;
  /** Says what has become of a connection. */
  readonly tell = new Set<(state?: string) => void>();

  readonly host = {
    createConnection: () => this.#connection() as HostConnection,
    onDown: () => () => {},
  } as unknown as MediaHost;

  #connection(): Partial<HostConnection> {
    const gathered = new Set<(nothing?: string) => void>();
    return {
      on: ((event: string, listener: (what?: string) => void) => {
        const listeners: Set<typeof listener> = event === 'gathered' ? gathered : this.tell;
        if (event === 'gathered' || event === 'state') listeners.add(listener);
        return () => listeners.delete(listener);
      }) as unknown as HostConnection['on'],
      setRemoteDescription: async ({ sdp }: HostSessionDescription) => {
        if (this.refuses) throw new Error('refused');
        this.offers.push(sdp);
      },
      createAnswer: async () => {
        queueMicrotask(() => {
          for (const tell of gathered) tell();
        });
        return { type: 'answer', sdp: description(`our${this.offers.length}`), tracks: [] };
      },
      addIceCandidate: async ({ candidate, sdpMid }: HostIceCandidate) => {
        this.candidates.push(candidate, sdpMid);
      },
      close: () => void this.closed++,
    };
  }
}

let clock: VirtualClock;
let engine: Engine;
let left: number;
const peer = { enter: async () => {}, tracks: () => [], attach: () => {}, close: async () => void left++ };
const open = (options: Partial<WhipEndpointOptions> = {}) =>
  new WhipEndpoint({
    roomUrl: (room) => `http://127.0.0.1/${room}`,
    hosts: [],
    proxies: new TrustedProxies(),
    origins: [PAGE],
    maxSessions: 8,
    maxSessionsPerAddress: 8,
    maxOffersPerMinute: 60,
    maxSessionMs: undefined,
    clock,
    host: () => engine.host,
    createPeer: () => peer,
    ...options,
  });
beforeEach(() => {
  clock = new VirtualClock();
  engine = new Engine();
  left = 0;
});

const ask = (
  endpoint: WhipEndpoint,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
) => {
  const given = { host: 'localhost', ...headers };
  return endpoint.fetch(
    new Request(`http://localhost${path}`, { method, headers: given, ...(body !== undefined && { body }) }),
  );
};
const offer = (endpoint: WhipEndpoint) =>
  ask(endpoint, 'POST', '/whip/stage', { 'content-type': 'application/sdp' }, description('them'));
const patch = (endpoint: WhipEndpoint, path: string, tag: string | undefined, body: string) => {
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag', ...(tag !== undefined && { 'if-match': tag }) };
  return ask(endpoint, 'PATCH', path, headers, body);
};

it('clients behind a proxy are counted by whom it names, and by nothing that they write themselves', async () => {
  const proxies = new TrustedProxies(['127.0.0.1']);
  const whip = open({ proxies, maxSessionsPerAddress: 1 });
  const from = async (forwarded: string) => {
    const headers = { host: 'localhost', 'content-type': 'application/sdp' };
    const request = new Request('http://localhost/whip/stage', { method: 'POST', headers, body: description('them') });
    const incoming = { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: '127.0.0.1' } };
    return (await whip.fetch(request, { incoming: incoming as unknown as IncomingMessage })).status;
  };
  expect(await from('203.0.113.7')).toBe(201);
  expect(await from('203.0.113.8')).toBe(201);
  expect(await from('198.51.100.1, 203.0.113.7')).toBe(429);
});

describe('pages of other origins', () => {
  it('may ask, and read what a session is called, where they are listed', async () => {
    const endpoint = open();
    const asks = { origin: PAGE, 'access-control-request-method': 'PATCH' };
    for (const path of ['/whip/stage', `/whep/stage/${'0'.repeat(32)}`]) {
      const preflight = await ask(endpoint, 'OPTIONS', path, asks);
      expect(preflight.status).toBe(200);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(preflight.headers.get('access-control-allow-methods')).toBe('POST, PATCH, DELETE');
      expect(preflight.headers.get('access-control-allow-headers')).toBe('Authorization, Content-Type, If-Match');
    }
    const refused = await ask(endpoint, 'POST', '/whip/stage', { origin: PAGE });
    expect(refused.status).toBe(415);
    expect(refused.headers.get('access-control-allow-origin')).toBe(PAGE);
    expect(refused.headers.get('access-control-expose-headers')).toMatch(/Location, Link, ETag/);
    expect(refused.headers.get('vary')).toBe('Origin');
  });

  it('are refused where they are not, and programs are told nothing of it', async () => {
    const endpoint = open();
    const other = await ask(endpoint, 'OPTIONS', '/whip/stage', { origin: 'https://studio.example.evil' });
    expect(other.status).toBe(403);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const program = await ask(endpoint, 'OPTIONS', '/whip/stage');
    expect(program.status).toBe(200);
    expect(program.headers.get('accept-post')).toBe('application/sdp');
    expect(program.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('PATCH', () => {
  it('brings candidates of the ICE that is', async () => {
    const endpoint = open();
    const { headers } = await offer(endpoint);
    expect(headers.get('accept-patch')).toBe('application/trickle-ice-sdpfrag');
    const reply = await patch(endpoint, headers.get('location')!, headers.get('etag')!, fragment('them', 5_000, 5_001));
    expect(reply.status).toBe(204);
    expect(reply.headers.get('etag')).toBeNull();
    expect(engine.candidates).toEqual([candidate(5_000), '0', candidate(5_001), '0']);
    expect(engine.offers).toHaveLength(1);
  });

  it('restarts ICE where the name is another, and tells what is ours now', async () => {
    const endpoint = open();
    const { headers } = await offer(endpoint);
    const [path, first] = [headers.get('location')!, headers.get('etag')!];
    const reply = await patch(endpoint, path, '*', fragment('more', 5_000));
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/trickle-ice-sdpfrag');
    expect(await reply.text()).toMatch(/a=ice-ufrag:our2\r\n.*a=mid:0\r\n.*a=end-of-candidates\r\n$/s);
    expect(engine.offers.at(-1)).toBe(description('more').replace('p'.repeat(24), 'q'.repeat(24)));
    expect(engine.candidates).toEqual([candidate(5_000), '0']);
    const second = reply.headers.get('etag')!;
    expect(second).not.toBe(first);
    expect((await patch(endpoint, path, first, fragment('more', 5_001))).status).toBe(412);
    expect((await patch(endpoint, path, second, fragment('more', 5_001))).status).toBe(204);
  });

  it('that the engine refuses leaves the session as it is', async () => {
    const endpoint = open();
    const { headers } = await offer(endpoint);
    const [path, tag] = [headers.get('location')!, headers.get('etag')!];
    engine.refuses = true;
    expect((await patch(endpoint, path, '*', fragment('more'))).status).toBe(500);
    expect(endpoint.size).toBe(1);
    expect((await patch(endpoint, path, tag, fragment('them', 5_000))).status).toBe(204);
  });

  it.each([
    [415, '"1"', fragment('them'), 'text/plain'],
    [428, undefined, fragment('them'), undefined],
    [412, '"0"', fragment('them'), undefined],
    [413, '"1"', 'a'.repeat(20_000), undefined],
    [400, '"1"', 'nonsense', undefined],
    [400, '"1"', `a=ice-ufrag:them\r\na=ice-pwd:${'p'.repeat(24)}\r\na=${candidate(1)}`, undefined],
  ])('is answered %i for %s', async (status, tag, body, type) => {
    const endpoint = open();
    const path = (await offer(endpoint)).headers.get('location')!;
    const headers = { 'content-type': type ?? 'application/trickle-ice-sdpfrag', ...(tag && { 'if-match': tag }) };
    expect((await ask(endpoint, 'PATCH', path, headers, body)).status).toBe(status);
    expect(engine.candidates).toEqual([]);
  });

  it('is answered 429 where there are too many, and restarts sooner', async () => {
    const endpoint = open();
    const path = (await offer(endpoint)).headers.get('location')!;
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++)
      statuses.push((await patch(endpoint, path, '*', fragment(`again${count}`))).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await clock.advance(4_000);
    expect((await patch(endpoint, path, '*', fragment('later'))).status).toBe(200);
  });
});

it.each(['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH'])('keeps %s for what it may become', async (method) => {
  const endpoint = open();
  const session = `/whip/stage/${'0'.repeat(32)}`;
  const of = async (path: string) => (await ask(endpoint, method, path)).status;
  expect(await of('/whip/stage')).toBe(method === 'POST' ? 415 : 405);
  expect(await of(session)).toBe(method === 'PATCH' || method === 'DELETE' ? 404 : 405);
});

it('takes so many offers a minute, and says when there is another', async () => {
  const endpoint = open({ maxOffersPerMinute: 2 });
  expect((await offer(endpoint)).status).toBe(201);
  expect((await offer(endpoint)).status).toBe(201);
  const third = await offer(endpoint);
  expect(third.status).toBe(429);
  expect(third.headers.get('retry-after')).toBe('30');
  await clock.advance(30_000);
  expect((await offer(endpoint)).status).toBe(201);
});

it('ends a session whose time is over, and one that carries nothing', async () => {
  const endpoint = open({ maxSessionMs: 10_000 });
  const path = (await offer(endpoint)).headers.get('location')!;
  await clock.advance(10_000);
  expect([endpoint.size, engine.closed, left]).toEqual([0, 1, 1]);
  expect((await patch(endpoint, path, '*', fragment('them'))).status).toBe(404);
  const patient = open();
  await offer(patient);
  await clock.advance(14_999);
  expect(patient.size).toBe(1);
  await clock.advance(1);
  expect(patient.size).toBe(0);
});

it('ends the session of a client that vanishes right after it was connected, with its participant, and tells who asks', async () => {
  const endpoint = open();
  const path = (await offer(endpoint)).headers.get('location')!;
  for (const state of ['connecting', 'connected']) for (const tell of engine.tell) tell(state);
  // Connected in time: it may stay.
  await clock.advance(60_000);
  expect([endpoint.size, engine.closed, left]).toEqual([1, 0, 0]);
  for (const state of ['disconnected', 'failed']) for (const tell of [...engine.tell]) tell(state);
  await vi.waitFor(() => expect([endpoint.size, engine.closed, left]).toEqual([0, 1, 1]));
  expect(engine.tell.size).toBe(0);
  expect((await patch(endpoint, path, '*', fragment('them'))).status).toBe(404);
  expect((await ask(endpoint, 'DELETE', path)).status).toBe(404);
});
