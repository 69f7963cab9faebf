import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { VirtualClock } from '@sluice/core/testing';
import { createSecret } from '@sluice/protocol';
import { meetingTokens, startRoomServer } from '@sluice/transport';
import fc from 'fast-check';
import { expect, test } from 'vitest';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const REQUESTS = 10_000;
/** At the same time. */
const LANES = 16;
/** What memory is compared with: by then everything is compiled, and buffers have their size. */
const WARM = 2_000;

const secret = createSecret();
const own = createSecret();
const acme = createSecret();

/** Requests of somebody who has the key of one tenant, and what they may do is done to their rooms alone. */
const good = (token: string) => [
  ['GET', '/v1/rooms', ''],
  ['POST', '/v1/rooms', '{"name":"theirs","properties":{"private":true,"maxParticipants":3}}'],
  ['POST', '/v1/rooms', '{"name":"board","properties":{"private":false}}'],
  ['PATCH', '/v1/rooms/board', '{"properties":{"private":false,"permissions":{"canSend":["microphone"]}}}'],
  ['DELETE', '/v1/rooms/board', ''],
  ['DELETE', '/v1/rooms/theirs', ''],
  ['GET', '/v1/rooms/board', ''],
  ['GET', '/v1/rooms/board/presence', ''],
  ['POST', '/v1/meeting-tokens', '{"room":"board","owner":true}'],
  ['POST', '/v1/meeting-tokens', '{"anyRoom":true,"owner":true}'],
  ['POST', '/v1/meeting-tokens', `{"room":"theirs","name":"${token}"}`],
  ['GET', `/board?t=${token}`, ''],
  ['GET', '/healthz', ''],
];
const words = [
  'board',
  '..',
  '%2e%2e',
  '%00',
  '//',
  '\\',
  '"',
  '{}',
  '[',
  'null',
  '-1',
  '1e999',
  '\u2028',
  '\r\n',
  '\r\nX: y',
  '__proto__',
  'constructor',
  ';',
  '?',
  '#',
  '*',
  'é',
  '\0',
  ' '.repeat(300),
  '[['.repeat(500),
];
const credentials = [
  `Bearer ${acme}`,
  `Bearer ${acme}`,
  '',
  'Bearer',
  `Bearer ${secret}`,
  `Basic ${acme}`,
  `bearer ${acme}x`,
  `Bearer ${acme} ${acme}`,
];

interface Change {
  readonly place: number;
  readonly kind: 'cut' | 'insert' | 'flip' | 'double' | 'swap';
  readonly word: number;
}

function changed(text: string, { place, kind, word }: Change): string {
  const at = Math.floor(place * text.length);
  const with_ = words[word % words.length]!;
  if (kind === 'cut') return text.slice(0, at) + text.slice(at + 1 + (word % 40));
  if (kind === 'insert') return text.slice(0, at) + with_ + text.slice(at);
  if (kind === 'double') return text.slice(0, at) + text.slice(Math.max(0, at - 20));
  if (kind === 'swap') return text.slice(0, at) + with_ + text.slice(at + with_.length);
  return text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << (word % 7))) + text.slice(at + 1);
}

/** A request as bytes; one in three is changed after it was put together, so that it may be no HTTP. */
function bytesOf(pick: number, credential: number, changes: readonly Change[], whole: boolean, token: string): Buffer {
  const all = good(token);
  const [method, path, body] = all[pick % all.length] as [string, string, string];
  const put = (path: string, body: string) =>
    [
      `${method} ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Authorization: ${credentials[credential % credentials.length]}`,
      ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`]),
      'Connection: close',
      '',
      body,
    ].join('\r\n');
  if (whole) return Buffer.from(changes.reduce(changed, put(path, body)));
  const [mutatedPath, mutatedBody] =
    body === '' ? [changes.reduce(changed, path), ''] : [path, changes.reduce(changed, body)];
  return Buffer.from(put(mutatedPath, mutatedBody));
}

const change = fc.record({
  place: fc.double({ min: 0, max: 0.999, noNaN: true }),
  kind: fc.constantFrom('cut' as const, 'insert' as const, 'flip' as const, 'double' as const, 'swap' as const),
  word: fc.nat(1_000),
});
const attempt = fc.record({
  pick: fc.nat(1_000),
  credential: fc.nat(1_000),
  changes: fc.array(change, { maxLength: 3 }),
  whole: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
});

test('10,000 changed requests: nothing falls over, nobody gets what is not theirs, and memory stays flat', async () => {
  // A minute's budget would end after sixty: time goes on with every request.
  const clock = new VirtualClock();
  const tokens = meetingTokens({ secrets: [secret], audience: 'here' });
  const apiKeys = [own, { key: acme, tenant: 'acme' }];
  const server = await startRoomServer({ clock, tokens, apiKeys, rooms: { board: { private: true } } });
  const { token } = await tokens.mint({ room: 'theirs' });
  const statuses = new Map<number, number>();
  const bodies: string[] = [];
  const send = (bytes: Buffer) =>
    new Promise<void>((resolve) => {
      const socket = connect(server.port, '127.0.0.1');
      const answer: Buffer[] = [];
      socket.on('data', (data) => answer.push(data));
      socket.on('error', () => {});
      socket.once('close', () => {
        const text = Buffer.concat(answer).toString();
        const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status >= 300 || text.includes('"token"')) bodies.push(text);
        if (bodies.length > 200) bodies.splice(0, 100).forEach(look);
        resolve();
      });
      socket.end(bytes);
    });
  const look = (text: string) => {
    // No stack, no path of this machine, no secret.
    expect(text).not.toMatch(/node_modules|\.ts:|\bat .+:\d+:\d+/);
    for (const word of [secret, own]) expect(text).not.toContain(word);
    const minted = /"token":"([^"]+)"/.exec(text)?.[1];
    if (minted === undefined) return;
    const claims = JSON.parse(Buffer.from(minted.split('.')[1]!, 'base64url').toString());
    expect([claims.room === 'board', claims.anyRoom]).toEqual([false, undefined]);
  };

  const attempts = fc.sample(attempt, { numRuns: REQUESTS, seed: 20_300_101 });
  const memory = () => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  let warm = 0;
  let next = 0;
  const lane = async (until: number) => {
    while (next < until) {
      const { pick, credential, changes, whole } = attempts[next++]!;
      await clock.advance(1_000);
      await send(bytesOf(pick, credential, changes, whole, token));
    }
  };
  const lanes = (until: number) => Promise.all(Array.from({ length: LANES }, () => lane(until)));
  await lanes(WARM);
  warm = memory();
  await lanes(REQUESTS);
  bodies.splice(0).forEach(look);
  const grown = memory() - warm;

  const read = async (path: string, key: string) =>
    (await fetch(`${server.url}/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).json() as Promise<{
      rooms: readonly { name: string }[];
    }>;
  expect(await read('/rooms', own)).toMatchObject({
    total: 1,
    rooms: [{ name: 'board', properties: { private: true } }],
  });
  for (const { name } of (await read('/rooms', acme)).rooms) expect(name).not.toBe('board');
  await server.close();
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
  expect([...statuses.values()].reduce((sum, count) => sum + count, 0)).toBe(REQUESTS);
  // All of it was met: what is taken, what is no JSON, no key, no room, a name that is taken, no HTTP.
  for (const status of [200, 201, 400, 401, 404, 409])
    expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(20);
  expect(grown).toBeLessThan(8 * 2 ** 20);
}, 120_000);
