import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from './limits.ts';
import { PROTOCOL, parseClientMessage, parseServerMessage } from './messages.ts';
import { bodyFault, type PeerBody } from './peer-body.ts';
import { defaultPermissions } from './permissions.ts';
import { ProtocolFault } from './protocol-fault.ts';
import { createId, createSecret } from './secrets.ts';

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
const you = {
  id,
  userName: 'Ada',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [track],
  permissions: defaultPermissions,
  mutedRemotely: [],
};
const room = {
  name: 'hello',
  expiresAt: null,
  recording: true,
  transcription: false,
  chat: true,
  ownerOnlyBroadcast: false,
  startVideoOff: true,
};
const recording = { streamId: 'main', recordingId: id, startedBy: id };
const transcription = { instanceId: id, transcriptId: id, startedBy: null };
const link = { from: id, to: id };
const candidate = { candidate: 'candidate:1 1 udp 2122 127.0.0.1 5000 typ host', sdpMid: '0', sdpMLineIndex: 0 };

const quality = (...tracks: readonly object[]) =>
  JSON.stringify({ type: 'relay', to: id, body: { kind: 'quality', link, tracks } });

const askText = (ask: object) => JSON.stringify({ type: 'ask', number: 1, ask });

const joinWith = (lease: object) => ({
  type: 'join',
  protocol: PROTOCOL,
  identity: createSecret(),
  userName: 'Ada',
  tracks: [],
  lease,
});

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
  { type: 'ask', number: 1, ask: { ask: 'app-message', data: { hello: [1] } } },
  { type: 'ask', number: 2, ask: { ask: 'chat', text: 'two\nlines' } },
  {
    type: 'ask',
    number: 3,
    ask: {
      ask: 'update-participants',
      updates: { [id]: { permissions: { canSend: false }, inputsEnabled: { microphone: false } } },
    },
  },
  { type: 'ask', number: 4, ask: { ask: 'eject', ids: [id] } },
  { type: 'ask', number: 5, ask: { ask: 'update-permissions', permissions: { hasPresence: false } } },
  { type: 'ask', number: 6, ask: { ask: 'admit', ids: [id], admit: true } },
  { type: 'ask', number: 7, ask: { ask: 'start-recording', settings: { layout: { preset: 'grid' } } } },
  { type: 'ask', number: 8, ask: { ask: 'stop-recording' } },
  { type: 'ask', number: 9, ask: { ask: 'update-recording', settings: {} } },
  { type: 'ask', number: 10, ask: { ask: 'start-transcription', settings: { language: 'en' } } },
  { type: 'ask', number: 11, ask: { ask: 'stop-transcription' } },
  { type: 'ask', number: 12, ask: { ask: 'update-transcription', participants: null } },
  { type: 'ask', number: 13, ask: { ask: 'dtmf', to: id, tones: '12#', digitDurationMs: 200 } },
  { type: 'ask', number: 14, ask: { ask: 'take-place' } },
  joinWith({ job: 'greeter', revision: limits.leaseRevision, standby: true }),
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
    room,
    participants: [you],
    activeSpeaker: null,
    recordings: [recording],
    transcriptions: [transcription],
    waiting: [{ id, userName: 'Grace', userId: '' }],
  },
  { type: 'resumed', secret: createSecret(), received: 3 },
  { type: 'refused', code: 'room-full', message: 'full' },
  { type: 'participant-joined', participant: you },
  { type: 'participant-left', id, reason: 'lost' },
  { type: 'participant-detached', id, detached: true },
  { type: 'relay', from: id, body: { kind: 'restart', link } },
  { type: 'active-speaker', id },
  { type: 'waiting' },
  { type: 'granted', number: 1, grant: { streamId: 'main' } },
  { type: 'denied', number: 2, code: 'not-allowed', message: 'no' },
  { type: 'app-message', from: id, data: 'hello' },
  { type: 'chat', from: id, userName: 'Ada', text: 'hello', at: '2026-01-01T00:00:00.000Z' },
  { type: 'inputs-asked', by: id, inputs: { camera: false } },
  { type: 'dtmf', from: id, tone: '#', durationMs: 100 },
  { type: 'recording-started', status: recording },
  { type: 'recording-updated', status: recording },
  { type: 'recording-stopped', streamId: 'main' },
  { type: 'recording-error', streamId: 'main', message: 'the disk is full' },
  { type: 'transcription-started', status: transcription },
  { type: 'transcription-updated', status: transcription, updatedBy: id },
  { type: 'transcription-stopped', instanceId: id, updatedBy: null, stoppedByError: true },
  { type: 'transcription-error', instanceId: id, message: 'the recogniser ended' },
  {
    type: 'transcription-message',
    message: {
      participantId: id,
      text: 'hello',
      timestamp: '2026-01-01T00:00:00.000Z',
      trackType: 'microphone',
      isFinal: true,
    },
  },
  { type: 'waiting-updated', waiting: [] },
];

test.each(clientMessages)('$type of a client passes unchanged', (message) => {
  expect(parseClientMessage(JSON.stringify(message))).toEqual(message);
});

test.each(serverMessages)('$type of a server passes unchanged', (message) => {
  expect(parseServerMessage(JSON.stringify(message))).toEqual(message);
});

test('large numbers, and texts that look like larger ones, pass unchanged', () => {
  const userData = { large: 1.5e308, text: '1e999', digits: '9'.repeat(400) };
  expect(parseClientMessage(JSON.stringify({ type: 'update', userData }))).toMatchObject({ userData });
});

test('a welcome to a full room whose participants announce all they may fits', () => {
  const tracks = Array.from({ length: 16 }, () => ({
    ...track,
    name: `customAudio.${'n'.repeat(100)}`,
    enabled: false,
    ignoreLevel: false,
  }));
  const loud = {
    ...you,
    userName: '"'.repeat(512),
    userId: '"'.repeat(128),
    tracks,
    userData: 'd'.repeat(4_000),
    mutedRemotely: tracks.map(({ name }) => name),
  };
  const text = JSON.stringify({
    ...serverMessages[0],
    you: loud,
    participants: Array.from({ length: limits.participants + limits.hidden }, () => loud),
  });
  expect(parseServerMessage(text)).toMatchObject({ type: 'welcome' });
});

const codeOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    if (error instanceof ProtocolFault) return error.kind;
    throw error;
  }
  return 'accepted';
};

test('another version is refused with a message that names both', () => {
  const text = JSON.stringify({ ...clientMessages[0], protocol: 'sluice-room/1' });
  expect(codeOf(() => parseClientMessage(text))).toBe('version');
  expect(() => parseClientMessage(text)).toThrow(
    expect.objectContaining({ expected: 'sluice-room/2', received: 'sluice-room/1' }),
  );
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
  ['too long a message', JSON.stringify({ type: 'leave', pad: 'x'.repeat(limits.messageBytes) })],
  ['too many bytes in few characters', JSON.stringify({ type: 'update', userName: 'é'.repeat(40_000) })],
  ['a user name of 513 bytes', JSON.stringify({ type: 'update', userName: 'é'.repeat(257) })],
  ['a lone surrogate', '{"type":"update","userName":"\\ud800"}'],
  ['a NUL', '{"type":"update","userName":"a\\u0000"}'],
  ['an app message of 4,097 bytes', askText({ ask: 'app-message', data: 'x'.repeat(4_095) })],
  ['an app message of null', askText({ ask: 'app-message', data: null })],
  ['an app message of infinity', askText({ ask: 'app-message', data: 'x' }).replace('"x"', '1e999')],
  ['infinity deep in user data', '{"type":"update","userData":{"a":[1,{"b":-1e400}]}}'],
  ['infinity in hundreds of digits', `{"type":"update","userData":${'9'.repeat(400)}}`],
  ['an unknown ask', askText({ ask: 'shutdown' })],
  ['permissions that there are not', askText({ ask: 'update-permissions', permissions: { canFly: true } })],
  ['user data of 4,097 bytes', JSON.stringify({ type: 'update', userData: 'x'.repeat(4_095) })],
  ['17 tracks', JSON.stringify({ type: 'update', tracks: Array.from({ length: 17 }, () => track) })],
  ['a lease beyond all numbers', JSON.stringify(joinWith({ job: 'greeter', revision: limits.leaseRevision + 1 }))],
  ['a lease of no job', JSON.stringify(joinWith({ job: '', revision: 1 }))],
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
  expect(codeOf(() => parseClientMessage(text))).toBe('malformed');
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
      if (codeOf(() => parse(text)) !== 'accepted') refused++;
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

const offer = (text: string, mid = '0'): PeerBody => ({
  kind: 'description',
  link,
  exchange: 1,
  description: { type: 'offer', sdp: text, tracks: [{ mid, name: 'microphone' }] },
});
const sections = (count: number) => sdp + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(count - 1);

test.each<[string, PeerBody, string | undefined]>([
  ['what is sent every day', offer(sdp), undefined],
  ['too many media sections', offer(sections(33)), 'a session description with 33 media sections'],
  ['a name of a section that the far side chose too long', offer(sdp, 'x'.repeat(33)), 'description.tracks.0.mid: '],
  [
    'a line that an engine takes for a part of another',
    offer(`${sdp}a=x:\u2028a=mid:7\r\n`),
    'a session description with',
  ],
  ['the same by a carriage return', offer(`${sdp}a=x:\ra=mid:7\r\n`), 'a session description with'],
  ['more bytes than characters', offer(`${sdp}s=${'€'.repeat(30_000)}`), '90'],
])('%s: what a server would refuse is known before', (_, body, fault) => {
  const found = bodyFault(body);
  expect(found?.slice(0, fault?.length)).toBe(fault);
  const parsed = () => parseClientMessage(JSON.stringify({ type: 'relay', to: id, body }));
  if (fault === undefined) expect(parsed).not.toThrow();
  else expect(parsed).toThrow(ProtocolFault);
});
