import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { virtualMediaHost } from '../testing/virtual-media-host.ts';
import { mayHaveToken } from './whip-http.ts';
import { WhipResource } from './whip-resource.ts';
import { WhipSession } from './whip-session.ts';

const ANSWER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa',
  `a=fingerprint:sha-256 ${Array(32).fill('AA').join(':')}`,
  'a=recvonly',
  '',
].join('\r\n');
const sdp = { 'content-type': 'application/sdp' };
const created = { ...sdp, location: 'sessions/1', etag: '"7"' };

let server: Server;
let url: URL;
let answers: (request: IncomingMessage, response: ServerResponse) => void;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  server = createServer((request, response) => {
    const { method, headers } = request;
    asked.push(`${method} ${request.url} ${headers.authorization ?? 'nobody'} ${headers['if-match'] ?? ''}`.trim());
    answers(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/whip/stage`);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const resource = (clock = realClock) => new WhipResource({ url, token: 'secret', clock });
const says = (status: number, headers: Record<string, string> = {}, body = '') => {
  answers = (_request, response) => response.writeHead(status, headers).end(body);
};

describe('a session of an endpoint', () => {
  it('is made, told of late candidates, and ended at its relative address, with the token each time', async () => {
    says(201, created, ANSWER);
    const session = resource();
    expect(await session.post(ANSWER)).toBe(ANSWER);
    says(204);
    const late = { candidate: 'candidate:1 1 udp 1 192.0.2.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
    await session.trickle(ANSWER, [late]);
    await session.delete();
    await session.delete();
    expect(asked).toEqual([
      'POST /whip/stage Bearer secret',
      'PATCH /whip/sessions/1 Bearer secret "7"',
      'DELETE /whip/sessions/1 Bearer secret',
    ]);
  });

  it('restarts ICE whatever it is now, and names the next one when it tells of candidates', async () => {
    says(201, created, ANSWER);
    const session = resource();
    await session.post(ANSWER);
    const fragment = 'a=ice-ufrag:next\r\na=ice-pwd:bbbbbbbbbbbbbbbbbbbbbbbb\r\n';
    says(200, { 'content-type': 'application/trickle-ice-sdpfrag', etag: '"8"' }, fragment);
    expect(await session.restart(fragment)).toEqual({
      user: 'next',
      password: 'b'.repeat(24),
      candidates: [],
    });
    says(204);
    await session.trickle(ANSWER, []);
    expect(asked.slice(1)).toEqual([
      'PATCH /whip/sessions/1 Bearer secret *',
      'PATCH /whip/sessions/1 Bearer secret "8"',
    ]);
  });

  it.each([
    [503, '', undefined],
    [429, '', undefined],
    [404, '', 'it answers a restart of ICE with status 404'],
    [204, '', 'it answers a restart of ICE with status 204'],
    [200, 'nothing of ICE', 'it answers a restart of ICE with no name and password'],
  ])('tells what %s with %j says to a restart', async (status, body, outcome) => {
    says(201, created, ANSWER);
    const session = resource();
    await session.post(ANSWER);
    says(status, {}, body);
    expect(await session.restart('')).toBe(outcome);
  });

  it.each([405, 501])('is told of no more candidates after %s', async (status) => {
    says(201, created, ANSWER);
    const session = resource();
    await session.post(ANSWER);
    says(status);
    for (let count = 0; count < 3; count++) await session.trickle(ANSWER, []);
    expect(asked).toHaveLength(2);
  });

  it('follows redirects that keep the method, and gives its token to no other machine in clear', async () => {
    const paths = ['/a', '/b', '/c'];
    answers = (request, response) => {
      const next = paths.shift();
      if (next === undefined) response.writeHead(201, created).end(ANSWER);
      else response.writeHead(request.url === '/a' ? 308 : 307, { location: next }).end();
    };
    await resource().post(ANSWER);
    expect(asked.at(-1)).toBe('POST /c Bearer secret');
    const given = new URL('https://a.example/whip');
    const takers = ['https://a.example/s/1', 'https://b.example/s/1', 'http://127.0.0.1/s/1', 'http://b.example/s/1'];
    expect(takers.map((taker) => mayHaveToken(new URL(taker), given))).toEqual([true, true, true, false]);
    says(307, { location: url.pathname });
    await expect(resource().post(ANSWER)).rejects.toMatchObject({ code: 'SLUICE_WHIP_ENDPOINT' });
  });

  it('takes the servers that OPTIONS recommends, and none that are no servers', async () => {
    const link =
      '<stun:stun.example>; rel="ice-server", <turn:turn.example?transport=udp>; rel="ice-server"; username="u"; credential="c", <turn:x>; rel="ice-server", <http://x>; rel="ice-server", </a>; rel="next"';
    says(204, { link });
    expect(await resource().iceServers(new AbortController().signal)).toEqual([
      { urls: 'stun:stun.example' },
      { urls: 'turn:turn.example?transport=udp', username: 'u', credential: 'c' },
    ]);
  });

  it.each([
    ['SLUICE_WHIP_TOKEN', 401, {}, ''],
    ['SLUICE_WHIP_TOKEN', 403, {}, ''],
    ['SLUICE_WHIP_ENDPOINT', 404, {}, ''],
    ['SLUICE_WHIP_ENDPOINT', 200, { 'content-type': 'text/html' }, '<html>'],
    ['SLUICE_WHIP_ENDPOINT', 201, sdp, ANSWER],
    ['SLUICE_WHIP_ENDPOINT', 201, created, 'v'.repeat(100_000)],
    ['SLUICE_WHIP_REFUSED', 503, { 'content-type': 'text/plain' }, 'full\u001b[2J'],
    ['SLUICE_WHIP_ANSWER', 201, { ...created, 'content-type': 'text/html' }, ANSWER],
    ['SLUICE_WHIP_ANSWER', 201, created, ''],
    ['SLUICE_WHIP_ANSWER', 201, created, ANSWER.replace('m=audio', 'm=video')],
    ['SLUICE_WHIP_ANSWER', 201, created, ANSWER.replace(/a=fingerprint.*\r\n/, '')],
  ])('is %s for status %d %j', async (code, status, headers, body) => {
    says(status, headers as Record<string, string>, body);
    const error = await resource()
      .post(ANSWER)
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('secret');
    expect(String((error as { received?: unknown }).received)).not.toContain('\u001b');
  });

  it('is SLUICE_WHIP_LOST where it is closed before it stands, and asks for nothing more', async () => {
    says(204);
    const access = { url, token: undefined, iceServers: undefined };
    const told = { prepare: () => {}, connected: () => {}, lost: () => {} };
    const host = virtualMediaHost(realClock);
    const session = new WhipSession({ ...access, ...told, host, clock: realClock, direction: 'sendonly' });
    const opening = session.open();
    const failed = expect(opening).rejects.toMatchObject({ code: 'SLUICE_WHIP_LOST' });
    await session.close();
    await failed;
    expect(asked.filter((request) => !request.startsWith('OPTIONS'))).toEqual([]);
    await host.close();
  });

  it('is SLUICE_WHIP_UNREACHABLE where an answer ends in the middle', async () => {
    answers = (_request, response) => {
      response.writeHead(201, { ...created, 'content-length': '10000' });
      response.write(ANSWER, () => response.destroy());
    };
    await expect(resource().post(ANSWER)).rejects.toMatchObject({ code: 'SLUICE_WHIP_UNREACHABLE' });
  });

  it('is SLUICE_WHIP_UNREACHABLE where nobody answers, or not in time', async () => {
    answers = () => {};
    const clock = new VirtualClock();
    const asking = resource(clock).post(ANSWER);
    const failed = expect(asking).rejects.toMatchObject({ code: 'SLUICE_WHIP_UNREACHABLE' });
    await clock.advance(5_000);
    await failed;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(resource().post(ANSWER)).rejects.toMatchObject({ code: 'SLUICE_WHIP_UNREACHABLE' });
  });
});
