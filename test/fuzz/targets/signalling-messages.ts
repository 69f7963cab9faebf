import { type ClientMessage, defaultPermissions, PROTOCOL, type ServerMessage } from '@sluice/protocol';

export const id = '3f6a9e9c-7d0b-4d9e-8a55-0a4f3f1f7c11';
const secret = 'A'.repeat(43);
const tracks = [{ name: 'microphone', enabled: true, continuous: true, ignoreLevel: false }];
const link = { from: id };
const sdp = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 AB\r\na=setup:actpass\r\na=rtcp-mux\r\n';

/** One of most kinds, as a client writes them. */
export const clientMessages: readonly ClientMessage[] = [
  { type: 'join', protocol: PROTOCOL, identity: secret, userName: 'Ada', tracks, token: 'a.b.c', userData: { a: 1 } },
  { type: 'resume', protocol: PROTOCOL, id, secret, received: 3 },
  { type: 'update', userName: 'Bo', tracks },
  {
    type: 'relay',
    to: id,
    body: {
      kind: 'description',
      link,
      exchange: 1,
      description: { type: 'offer', sdp, tracks: [{ mid: '0', name: 'microphone' }] },
    },
  },
  {
    type: 'relay',
    to: id,
    body: {
      kind: 'candidate',
      link,
      candidate: { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 },
    },
  },
  { type: 'relay', to: id, body: { kind: 'subscribe', link: { from: id, to: id }, tracks: ['camera'], staged: [] } },
  { type: 'relay', to: id, body: { kind: 'quality', link, tracks: [{ name: 'camera', maxQuality: 'low' }] } },
  { type: 'levels', levels: [{ id, dbfs: -20 }] },
  { type: 'alive', ids: [id] },
  { type: 'ask', number: 1, ask: { ask: 'chat', text: 'Hello\nthere', userName: 'Ada' } },
  { type: 'ask', number: 2, ask: { ask: 'app-message', to: id, data: [1, null, 'x'] } },
  {
    type: 'ask',
    number: 3,
    ask: { ask: 'update-participants', updates: { [id]: { inputsEnabled: { camera: false } } } },
  },
  { type: 'ask', number: 4, ask: { ask: 'update-permissions', permissions: { canSend: ['camera'], canAdmin: true } } },
  { type: 'ask', number: 5, ask: { ask: 'start-recording', settings: { video: { width: 640 } }, streamId: 's' } },
  { type: 'ask', number: 6, ask: { ask: 'dtmf', tones: '12,#', digitDurationMs: 100 } },
  { type: 'leave' },
];

/** As a server writes them. */
export const serverMessages: readonly ServerMessage[] = [
  { type: 'waiting' },
  { type: 'resumed', secret, received: 0 },
  { type: 'refused', code: 'busy', message: 'come back later' },
  { type: 'participant-left', id, reason: 'lost' },
  { type: 'active-speaker', id: null },
  { type: 'granted', number: 1, grant: { streamId: 's' } },
  { type: 'denied', number: 1, code: 'rate', message: 'too much' },
  { type: 'chat', from: id, userName: 'Ada', text: 'Hello', at: '2026-01-01T00:00:00.000Z' },
  { type: 'dtmf', from: id, tone: '1', durationMs: 100 },
  { type: 'waiting-updated', waiting: [{ id, userName: 'Ada', userId: '' }] },
];

/** A participant as a server tells of them. */
export const somebody = {
  id,
  userName: 'Ada',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks,
  permissions: defaultPermissions,
  mutedRemotely: [],
};
