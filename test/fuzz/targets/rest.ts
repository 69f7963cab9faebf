import { strict as assert } from 'node:assert';
import { VirtualClock } from '@sluice/core/testing';
import { RoomList } from '../../../packages/transport/src/room/server/directory/room-list.ts';
import { ApiKeys } from '../../../packages/transport/src/room/server/rest/api-keys.ts';
import { restApi } from '../../../packages/transport/src/room/server/rest/rest-api.ts';
import { meetingTokens } from '../../../packages/transport/src/room/server/tokens/meeting-tokens.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const now = Date.UTC(2030, 0, 1);
const key = 'a key of thirty-two characters at least'.replaceAll(' ', '-');
const authorization = `Bearer ${key}`;
/** The first request of a budget counts from here; each input has another minute. */
let minutes = 0;
const clock = Object.assign(new VirtualClock(), { now: () => minutes * 60_000 });
const list = new RoomList({ most: 8, wallClock: () => now });
const tokens = meetingTokens({
  secrets: ['a secret of thirty-two bytes or more, for tests'],
  audience: 'here',
  now: () => now,
});
const api = restApi({
  keys: new ApiKeys('keys', [key]),
  clock,
  list,
  running: { presence: () => [], changed: () => {}, end: () => {} },
  mint: tokens.mint,
});

/** An input is a line with a method, a path and, where it is not the usual one, a media type; then the body. */
const request = (line: string, body: object = {}) => `${line}\n${JSON.stringify(body)}`;
const LINE = /^(GET|POST|PATCH|DELETE) (\/[\x21-\x7e]{0,200})(?: ([\x20-\x7e]{0,80}))?\n/;

export const restTarget: FuzzTarget = {
  name: 'rest',
  reads: 'requests of the REST API: paths, queries and bodies',
  maxBytes: 2_048,
  seeds: () => [
    request('POST /rooms', {
      name: 'a',
      properties: { private: true, expiresAt: '2030-01-31T12:00:00Z', maxParticipants: 4 },
    }),
    request('POST /rooms', {
      properties: { permissions: { canSend: ['camera'], canAdmin: false }, opensAt: '2029-01-31T12:00:00+01:00' },
    }),
    request('PATCH /rooms/there', { properties: { chat: null, knocking: true } }),
    request('POST /meeting-tokens', { room: 'there', owner: true, name: 'Ada', lifetimeSeconds: 60 }),
    request('POST /meeting-tokens', {
      anyRoom: true,
      notBefore: '2030-01-31T12:00:00Z',
      permissions: { canReceive: {} },
    }),
    'GET /rooms?limit=5&startingAfter=there text/plain\n',
    'GET /rooms/there/presence\n',
    'DELETE /rooms/there\n',
  ],
  run: async (input) => {
    const text = Buffer.from(input).toString('latin1');
    const [whole = '', method = '', path = '', type = 'application/json'] = LINE.exec(text) ?? [];
    if (whole === '' || !URL.canParse(path, 'http://room.example')) return;
    minutes++;
    list.create('', 'there', { chat: true });
    const body = method === 'GET' ? {} : { body: Uint8Array.from(input.subarray(whole.length)) };
    const headers = { authorization, 'content-type': type };
    const response = await api.request(path, { method, headers, ...body });
    const answer = (await response.json()) as Record<string, unknown>;
    // 500 is what nobody thought of; 429 that this target is wrong.
    assert.ok(response.status < 500 && response.status !== 429, JSON.stringify(answer));
    if (response.status >= 400) assert.deepEqual(Object.keys(answer), ['code', 'message', 'requestId']);
    for (const { name } of list.page('', 100)!.rooms) list.delete('', name);
  },
};
