import { VirtualClock } from '@sluice/core/testing';
import { createSecret } from '@sluice/protocol';
import { describe, expect, test, vi } from 'vitest';
import { RoomList } from '../directory/room-list.ts';
import { meetingTokens } from '../tokens/meeting-tokens.ts';
import { ApiKeys } from './api-keys.ts';
import { restApi } from './rest-api.ts';

const secret = createSecret();
const key = createSecret();
const acme = createSecret();
const now = Date.UTC(2030, 0, 1);

function api({ minting = true, creation = 'anyone' as 'anyone' | 'listed' } = {}) {
  const clock = new VirtualClock();
  const list = new RoomList({ most: 5, wallClock: () => now, creation, rooms: { board: { private: true } } });
  const ada = { id: 'p1', userId: 'u1', userName: 'Ada', joinedAt: '2030-01-01T00:00:00.000Z' };
  const running = {
    presence: vi.fn((room: string) => (room === 'board' || room === 'lobby' ? [ada] : [])),
    changed: vi.fn(),
    end: vi.fn(),
  };
  const tokens = meetingTokens({ secrets: [secret], audience: 'here', now: () => now });
  const none = vi.fn();
  const logger = { error: vi.fn(), warn: none, info: none, debug: none, trace: none };
  const keys = new ApiKeys('apiKeys', [key, { key: acme, tenant: 'acme' }]);
  const answered = vi.fn();
  const app = restApi({ list, running, mint: minting ? tokens.mint : undefined, keys, clock, logger, answered });
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${key}`, ...headers } };
    if (body !== undefined) {
      init.body = typeof body === 'string' ? body : JSON.stringify(body);
      init.headers = { 'content-type': 'application/json', ...(init.headers as object) };
    }
    const response = await app.request(`http://127.0.0.1${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { send, running, tokens, list, clock, logger, answered, ada };
}
const as = (other: string) => ({ authorization: `Bearer ${other}` });

describe('rooms', () => {
  test('are made, read, changed and ended', async () => {
    const { send, running } = api();
    const made = await send('POST', '/rooms', { name: 'standup', properties: { private: true, maxParticipants: 3 } });
    expect(made.status).toBe(201);
    const room = { name: 'standup', createdAt: '2030-01-01T00:00:00.000Z' };
    expect(made.body).toEqual({ ...room, properties: { private: true, maxParticipants: 3 } });
    expect((await send('GET', '/rooms/standup')).body).toEqual(made.body);
    const changed = await send('PATCH', '/rooms/standup', { properties: { chat: false, maxParticipants: null } });
    expect(changed.body).toEqual({ ...room, properties: { private: true, chat: false } });
    expect((await send('DELETE', '/rooms/standup')).body).toEqual({ name: 'standup', deleted: true });
    expect((await send('GET', '/rooms/standup')).status).toBe(404);
    expect((await send('PATCH', '/rooms/standup', { properties: {} })).status).toBe(404);
    expect((await send('DELETE', '/rooms/standup')).status).toBe(404);
    expect(running.changed.mock.calls).toEqual([['standup'], ['standup']]);
    expect(running.end.mock.calls).toEqual([['standup']]);
  });

  test('get a name that nobody guesses', async () => {
    const { send } = api();
    const names = await Promise.all([1, 2, 3].map(async () => (await send('POST', '/rooms', {})).body.name as string));
    for (const name of names) expect(name).toMatch(/^[\w-]{22}$/);
    expect(new Set(names).size).toBe(3);
  });

  test('are taken, or too many', async () => {
    const { send } = api();
    expect((await send('POST', '/rooms', { name: 'board' })).body).toMatchObject({ code: 'name-taken' });
    expect((await send('POST', '/rooms', { name: 'healthz' })).status).toBe(409);
    for (let n = 1; n < 5; n++) expect((await send('POST', '/rooms', {})).status).toBe(201);
    expect(await send('POST', '/rooms', {})).toMatchObject({ status: 409, body: { code: 'too-many-rooms' } });
  });

  test('come in pages', async () => {
    const { send } = api();
    for (const name of ['a', 'b']) await send('POST', '/rooms', { name });
    const { body } = await send('GET', '/rooms?limit=2');
    expect(body).toMatchObject({ total: 3, rooms: [{ name: 'board' }, { name: 'a' }] });
    expect((await send('GET', '/rooms?limit=2&startingAfter=a')).body.rooms).toMatchObject([{ name: 'b' }]);
    for (const query of [
      'limit=-1',
      'limit=0',
      'limit=101',
      'limit=1e2',
      'limit=',
      'limit=NaN',
      'page=2',
      'starting_after=a',
      'startingAfter=nobody',
      'startingAfter=',
    ])
      expect((await send('GET', `/rooms?${query}`)).status, query).toBe(400);
  });

  test('tell who is in them', async () => {
    const { send, ada } = api();
    expect((await send('GET', '/rooms/board/presence')).body).toEqual({ total: 1, participants: [ada] });
    expect((await send('GET', '/rooms/lobby/presence')).body).toEqual({ total: 1, participants: [ada] });
    expect((await send('GET', '/rooms/empty/presence')).body).toEqual({ total: 0, participants: [] });
    const listed = api({ creation: 'listed' });
    expect((await listed.send('GET', '/rooms/lobby/presence')).status).toBe(404);
  });
});

describe('tokens', () => {
  test('are minted for the caller’s rooms', async () => {
    const { send, tokens } = api();
    const { status, body } = await send('POST', '/meeting-tokens', { room: 'board', owner: true, lifetimeSeconds: 60 });
    expect(status).toBe(201);
    expect(body).toEqual({
      token: expect.any(String),
      tokenId: expect.any(String),
      expiresAt: '2030-01-01T00:01:00.000Z',
    });
    expect(await tokens(body.token, 'board')).toMatchObject({ isOwner: true, tokenId: body.tokenId });
    expect((await send('POST', '/meeting-tokens', { anyRoom: true })).status).toBe(201);
  });

  test('not for others, not for what is deleted, and not everywhere', async () => {
    const { send } = api();
    for (const wish of [{ room: 'board' }, { room: 'nobody' }, { anyRoom: true }, {}])
      expect((await send('POST', '/meeting-tokens', wish, as(acme))).status).toBe(404);
    await send('DELETE', '/rooms/board');
    expect((await send('POST', '/meeting-tokens', { room: 'board' })).status).toBe(404);
    const other = api({ minting: false });
    expect(await other.send('POST', '/meeting-tokens', { room: 'board' })).toMatchObject({
      status: 501,
      body: { code: 'unavailable' },
    });
  });

  test.each<[unknown, RegExp]>([
    [{ room: ['board'] }, /token\.room/],
    [{ room: 'a/b' }, /there is no such room|token\.room/],
    [{ room: 'board', is_owner: true }, /the field owner instead/],
    [{ room: 'board', start_audio_off: true }, /did you mean startAudioOff/],
    [{ room: 'board', lifetimeSeconds: 1e12 }, /1 to 31622400/],
    [{ room: 'board', anyRoom: true }, /either a room or anyRoom/],
    [[], /an object with the fields room/],
    ['null', /an object with the fields room/],
  ])('%j is not a token', async (wish, message) => {
    const { send } = api();
    const { status, body } = await send('POST', '/meeting-tokens', wish);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(body.message).toMatch(message);
  });
});

describe('a room of somebody else', () => {
  test('is as one that is not there', async () => {
    const { send, running } = api();
    await send('POST', '/rooms', { name: 'theirs' }, as(acme));
    const ask = async (name: string) => {
      const answers = [
        await send('GET', `/rooms/${name}`),
        await send('PATCH', `/rooms/${name}`, { properties: { private: false } }),
        await send('DELETE', `/rooms/${name}`),
        await send('GET', `/rooms/${name}/presence`),
        await send('POST', '/meeting-tokens', { room: name }),
      ];
      return answers.map(({ status, body: { requestId: _, ...body } }) => ({ status, body }));
    };
    // A deleted name is what is not there for the server's own key.
    await send('DELETE', '/rooms/gone');
    expect(await ask('theirs')).toEqual(await ask('gone'));
    for (const { status } of await ask('theirs')) expect(status).toBe(404);
    expect(running.presence).not.toHaveBeenCalled();
    expect((await send('GET', '/rooms')).body.rooms).toMatchObject([{ name: 'board' }]);
    expect((await send('GET', '/rooms', undefined, as(acme))).body.rooms).toMatchObject([{ name: 'theirs' }]);
  });
});

describe('who may ask', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['no key', 'Bearer'],
    ['another scheme', `Basic ${key}`],
    ['the key without a scheme', key],
    ['another key', `Bearer ${createSecret()}`],
    ['half a key', `Bearer ${key.slice(0, 20)}`],
    ['a key and more', `Bearer ${key}x`],
    ['two keys', `Bearer ${key} ${acme}`],
    ['the secret of tokens', `Bearer ${secret}`],
  ])('not with %s', async (_, authorization) => {
    const { send, running } = api();
    const { status, headers, body } = await send('DELETE', '/rooms/board', undefined, { authorization });
    expect([status, headers.get('www-authenticate'), body.code]).toEqual([401, 'Bearer', 'unauthorized']);
    expect(running.end).not.toHaveBeenCalled();
  });

  test('not with a meeting token', async () => {
    const { send, tokens } = api();
    const { token } = await tokens.mint({ anyRoom: true, owner: true });
    expect((await send('GET', '/rooms', undefined, as(token))).status).toBe(401);
  });

  test('sixty times a minute, each key by itself', async () => {
    const { send, clock, answered } = api();
    for (let n = 0; n < 60; n++) expect((await send('GET', '/rooms')).status).toBe(200);
    const over = await send('GET', '/rooms');
    expect([over.status, over.headers.get('retry-after'), over.body.code]).toEqual([429, '1', 'rate']);
    expect((await send('GET', '/rooms', undefined, as(acme))).status).toBe(200);
    // Asking in vain does not make it later.
    for (let n = 0; n < 100; n++) await send('GET', '/rooms');
    await clock.advance(1_000);
    expect((await send('GET', '/rooms')).status).toBe(200);
    expect((await send('GET', '/rooms')).status).toBe(429);
    expect(answered.mock.calls.filter(([status]) => status === 429)).toHaveLength(102);
  });

  test.each<[string, readonly (string | object)[], RegExp]>([
    ['31 characters', ['x'.repeat(31)], /apiKeys\[0\].*32 to 512 printable/],
    ['white space', [`${'x'.repeat(40)} y`], /apiKeys\[0\]/],
    ['no text', [{ tenant: 'acme' }], /apiKeys\[0\]/],
    ['the same twice', [key, { key, tenant: 'acme' }], /keys that differ/],
  ])('a key cannot be %s', (_, keys, message) => {
    const make = () => new ApiKeys('apiKeys', keys as string[]);
    expect(make).toThrow(message);
    expect(make).not.toThrow(key);
  });
});

describe('what is sent', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['no JSON', '{', {}, 400],
    ['nothing', '', {}, 400],
    ['bytes that are not UTF-8', '\ud800', {}, 400],
    ['a list', '[]', {}, 400],
    ['a text', '"board"', {}, 400],
    ['an unknown field', '{"nam":"x"}', {}, 400],
    ['a name with a slash', '{"name":"a/b"}', {}, 400],
    ['a name with a NUL', '{"name":"a\\u0000"}', {}, 400],
    ['a name of 129 letters', JSON.stringify({ name: 'x'.repeat(129) }), {}, 400],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['JSON that says it is text', '{}', { 'content-type': 'text/plain' }, 415],
    ['JSON in UTF-16', '{}', { 'content-type': 'application/json; charset=utf-16' }, 415],
    ['something compressed', '{}', { 'content-encoding': 'gzip' }, 415],
    ['65 KiB', JSON.stringify({ name: 'x', properties: ' '.repeat(65 * 1024) }), {}, 413],
    ['JSON 10,000 deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, {}, 400],
    [
      'properties 10,000 deep',
      `{"properties":{"permissions":${'{"canReceive":'.repeat(2_000)}1${'}'.repeat(2_000)}}}`,
      {},
      400,
    ],
    ['a prototype', '{"properties":{"__proto__":{"private":false}}}', {}, 400],
  ])('%s is refused', async (_, body, headers, status) => {
    const { send, list } = api();
    const answer = await send('POST', '/rooms', body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body).toEqual({
      code: expect.stringMatching(/^[a-z-]+$/),
      message: expect.any(String),
      requestId: answer.headers.get('x-request-id'),
    });
    expect(list.page('', 10)?.total).toBe(1);
  });

  test('a path that is none, or not to be written', async () => {
    const { send } = api();
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['GET', '/meeting-tokens'],
      ['PUT', '/rooms'],
      ['POST', '/rooms/board'],
      ['GET', '/rooms/..%2f..%2fetc%2fpasswd'],
      ['GET', '/rooms/board/presence/x'],
    ] as const)
      expect((await send(method, path, method === 'GET' ? undefined : {})).body).toMatchObject({ code: 'not-found' });
  });

  test('what fails inside stays inside, and the log has it by the id of the request', async () => {
    const { send, running, logger } = api();
    const error = new Error('at /home/us/secret.ts:1');
    running.presence.mockImplementation(() => {
      throw error;
    });
    const { status, body } = await send('GET', '/rooms/board/presence');
    expect([status, body.code]).toEqual([500, 'failed']);
    expect(JSON.stringify(body)).not.toMatch(/secret|\.ts|at \//);
    expect(logger.error.mock.calls).toEqual([[{ requestId: body.requestId, error }, 'a REST request failed']]);
  });
});
