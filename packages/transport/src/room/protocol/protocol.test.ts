import { isSluiceError } from '@sluice/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createId, createSecret } from './identity.ts';
import { MAX_MESSAGE_BYTES, PROTOCOL, parseClientMessage, parseServerMessage } from './protocol.ts';

const id = createId();
const sdp = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  `a=fingerprint:sha-256 ${'AB:'.repeat(31)}AB`,
  'a=setup:actpass',
  'a=rtcp-mux',
  '',
].join('\r\n');
const track = { name: 'microphone', enabled: true, continuous: true, ignoreLevel: false };
const you = { id, userName: 'Ada', userId: '', isOwner: false, joinedAt: '2026-01-01T00:00:00.000Z', tracks: [track] };
const link = { from: id, to: id };
const candidate = { candidate: 'candidate:1 1 udp 2122 127.0.0.1 5000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

const quality = (...tracks: readonly object[]) =>
  JSON.stringify({ type: 'relay', to: id, body: { kind: 'quality', link, tracks } });

const clientMessages = [
  { type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: 'Ada', tracks: [track], token: 'abc' },
  { type: 'resume', protocol: PROTOCOL, id, secret: createSecret(), received: 12 },
  { type: 'update', userName: 'Grace', tracks: [track] },
  {
    type: 'relay',
    to: id,
    body: { kind: 'description', link, exchange: 1, description: { type: 'offer', sdp, tracks: [] } },
  },
  { type: 'relay', to: id, body: { kind: 'candidate', link, candidate } },
  { type: 'relay', to: id, body: { kind: 'subscribe', link, tracks: ['microphone'] } },
  {
    type: 'relay',
    to: id,
    body: {
      kind: 'quality',
      link,
      tracks: [
        { name: 'camera', maxQuality: 'low' },
        { name: 'customVideo.slides', maxQuality: 'medium' },
      ],
    },
  },
  { type: 'relay', to: id, body: { kind: 'restart', link } },
  { type: 'levels', levels: [{ id, dbfs: -20 }] },
  { type: 'alive', ids: [id] },
  { type: 'leave' },
];
const serverMessages = [
  {
    type: 'welcome',
    protocol: PROTOCOL,
    session: id,
    id,
    secret: createSecret(),
    you,
    participants: [you],
    activeSpeaker: null,
  },
  { type: 'resumed', secret: createSecret(), received: 3 },
  { type: 'refused', code: 'room-full', message: 'full' },
  { type: 'participant-joined', participant: you },
  { type: 'participant-left', id, reason: 'lost' },
  { type: 'participant-detached', id, detached: true },
  { type: 'relay', from: id, body: { kind: 'restart', link } },
  { type: 'active-speaker', id },
];

test.each(clientMessages)('$type of a client passes unchanged', (message) => {
  expect(parseClientMessage(JSON.stringify(message))).toEqual(message);
});

test.each(serverMessages)('$type of a server passes unchanged', (message) => {
  expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
});

test('a welcome to a full room whose participants announce all they may fits', () => {
  const tracks = Array.from({ length: 16 }, () => ({
    ...track,
    name: `customAudio.${'n'.repeat(100)}`,
    enabled: false,
    ignoreLevel: false,
  }));
  const loud = { ...you, userName: '"'.repeat(512), userId: '"'.repeat(128), tracks };
  const text = JSON.stringify({
    ...serverMessages[0],
    you: loud,
    participants: Array.from({ length: 64 }, () => loud),
  });
  expect(parseServerMessage(text)).toMatchObject({ type: 'welcome' });
});

const codeOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    if (isSluiceError(error)) return error.code;
    throw error;
  }
  return 'accepted';
};

test('another version is refused with a message that names both', () => {
  const text = JSON.stringify({ ...clientMessages[0], protocol: 'sluice-room/2' });
  expect(codeOf(() => parseClientMessage(text))).toBe('SLUICE_ROOM_VERSION');
  expect(() => parseClientMessage(text)).toThrow(/sluice-room\/1.*sluice-room\/2/);
});

test.each([
  ['not JSON', '{'],
  ['nothing', ''],
  ['null', 'null'],
  ['an array', '[]'],
  ['an unknown type', '{"type":"eject"}'],
  ['an unknown field', '{"type":"leave","extra":1}'],
  ['a type that is a prototype name', '{"type":"__proto__"}'],
  ['a nesting of 10,000', '['.repeat(10_000)],
  ['too long a message', JSON.stringify({ type: 'leave', pad: 'x'.repeat(MAX_MESSAGE_BYTES) })],
  ['too many bytes in few characters', JSON.stringify({ type: 'update', userName: 'é'.repeat(40_000) })],
  ['a user name of 513 bytes', JSON.stringify({ type: 'update', userName: 'é'.repeat(257) })],
  ['a lone surrogate', '{"type":"update","userName":"\\ud800"}'],
  ['a NUL', '{"type":"update","userName":"a\\u0000"}'],
  ['17 tracks', JSON.stringify({ type: 'update', tracks: Array.from({ length: 17 }, () => track) })],
  ['a sequential id', JSON.stringify({ type: 'alive', ids: ['1'] })],
  ['a quality of sound', quality({ name: 'microphone', maxQuality: 'low' })],
  ['a quality that there is not', quality({ name: 'camera', maxQuality: 'best' })],
  ['qualities of 17 tracks', quality(...Array.from({ length: 17 }, () => ({ name: 'camera', maxQuality: 'low' })))],
  ['a weak fingerprint', JSON.stringify(clientMessages[3]).replace('sha-256', 'sha-1')],
  ['a description without rtcp-mux', JSON.stringify(clientMessages[3]).replace('a=rtcp-mux\\r\\n', '')],
  [
    '33 media sections',
    JSON.stringify(clientMessages[3]).replace('a=setup', `${'m=audio 9 x 0\\r\\n'.repeat(32)}a=setup`),
  ],
])('%s is a typed error', (_, text) => {
  expect(codeOf(() => parseClientMessage(text))).toBe('SLUICE_ROOM_PROTOCOL');
});

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 1e308, '', '__proto__', {}, [], true, '\ud800', 'x'.repeat(70_000)),
  fc.jsonValue(),
);

function mutate(value: unknown, path: readonly number[], replacement: unknown): unknown {
  if (path.length === 0 || typeof value !== 'object' || value === null) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[path[0]! % keys.length]!;
  const changed = mutate((value as Record<string, unknown>)[key], path.slice(1), replacement);
  return Array.isArray(value) ? Object.assign([...value], { [key]: changed }) : { ...value, [key]: changed };
}

test('12,000 mutated messages are accepted or a typed error, nothing else', () => {
  let refused = 0;
  const look = (text: string) => {
    for (const parse of [parseClientMessage, parseServerMessage])
      if (codeOf(() => parse(text)).startsWith('SLUICE_ROOM_')) refused++;
  };
  const message = fc.constantFrom<unknown>(...clientMessages, ...serverMessages);
  const path = fc.array(fc.nat(20), { maxLength: 5 });
  fc.assert(
    fc.property(message, path, junk, (original, where, what) =>
      look(JSON.stringify(mutate(original, where, what)) ?? ''),
    ),
    { numRuns: 8_000 },
  );
  fc.assert(
    fc.property(message, fc.nat(), fc.string({ maxLength: 4 }), (original, at, text) => {
      const json = JSON.stringify(original);
      const cut = at % json.length;
      look(json.slice(0, cut) + text + json.slice(cut + text.length));
    }),
    { numRuns: 4_000 },
  );
  expect(refused).toBeGreaterThan(12_000);
});
