import { createId, defaultPermissions, type PeerBody, type RoomParticipantInfo } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeConnection, FakeTrack } from '../../test/fake-connection.ts';
import { Peer } from './peer.ts';

const LOW_ID = '00000000-0000-4000-8000-000000000000';
const MIDDLE_ID = '77777777-0000-4000-8000-000000000000';
const HIGH_ID = 'ffffffff-0000-4000-8000-000000000000';
const far = createId();

const info = (change: Partial<RoomParticipantInfo> = {}): RoomParticipantInfo => ({
  id: HIGH_ID,
  userName: 'Grace',
  userId: 'grace',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [{ name: 'microphone', enabled: true, continuous: true, ignoreLevel: false }],
  permissions: defaultPermissions,
  mutedRemotely: [],
  ...change,
});

let local: RoomParticipantInfo;
let tracks: Map<string, MediaStreamTrack | null>;
let said: PeerBody[];
let link: PeerBody['link'];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  FakeConnection.all = [];
  local = info({ id: MIDDLE_ID, userName: 'Ada', userId: 'ada', tracks: [] });
  tracks = new Map([['microphone', new FakeTrack('audio') as unknown as MediaStreamTrack]]);
  said = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const meet = (other: RoomParticipantInfo) => {
  const peer = new Peer(other, {
    localId: MIDDLE_ID,
    local: () => local,
    localTracks: () => tracks,
    send: (_, body) => said.push(body),
    changed: () => {},
  });
  link = { from: far, to: said[0]!.link.from };
  return peer;
};
const settle = () => vi.advanceTimersByTimeAsync(0);
const offers = () => said.flatMap((body) => (body.kind === 'description' ? [body] : []));
const sent = () => FakeConnection.all.flatMap(({ transceivers }) => transceivers.map(({ sender }) => sender.track));
const answerOf = (exchange: number, sections: number): PeerBody => ({
  kind: 'description',
  link,
  exchange,
  description: { type: 'answer', sdp: `v=0\r\n${'m=audio 0\r\n'.repeat(sections)}`, tracks: [] },
});
const answer = (exchange: number) => answerOf(exchange, 1);

/** A peer that hears us over a connection that works. */
const talking = async (other: RoomParticipantInfo) => {
  const peer = meet(other);
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  peer.receive(answer(offers()[0]!.exchange));
  await settle();
  FakeConnection.all[0]!.becomes('connected');
  said.length = 0;
  return peer;
};

test('it wants what is announced, and connects only when the other side wants something', async () => {
  const peer = meet(info());
  expect(said).toMatchObject([{ kind: 'subscribe', tracks: ['microphone'] }]);
  expect(FakeConnection.all).toHaveLength(0);
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  expect(offers()).toMatchObject([
    { link: { to: far }, description: { type: 'offer', tracks: [{ mid: '0', name: 'microphone' }] } },
  ]);
});

test('what it stages is negotiated without media, and begins without another offer', async () => {
  const peer = meet(info());
  peer.receive({ kind: 'subscribe', link, tracks: [], staged: ['microphone'] });
  await settle();
  expect(offers()).toMatchObject([{ description: { tracks: [{ name: 'microphone' }] } }]);
  expect(sent()).toEqual([null]);
  peer.receive(answer(offers()[0]!.exchange));
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  expect(sent()).toEqual([tracks.get('microphone')]);
  expect(offers()).toHaveLength(1);
});

test.each(['byUserId', 'byParticipantId'] as const)('who may not have our tracks %s gets none', async (rule) => {
  const entries = { ada: false, [MIDDLE_ID]: false };
  const canReceive = { ...defaultPermissions.canReceive, [rule]: entries };
  const peer = await talking(info());
  expect(sent()).toEqual([tracks.get('microphone')]);
  peer.update(info({ permissions: { ...defaultPermissions, canReceive } }));
  expect(sent()).toEqual([null]);
  peer.update(info());
  expect(sent()).toEqual([tracks.get('microphone')]);
});

test('what we may not have of it is off', async () => {
  const peer = meet(info());
  expect(peer.trackState('microphone')).toBe('loading');
  const canReceive = { ...defaultPermissions.canReceive, byUserId: { grace: false } };
  local = { ...local, permissions: { ...defaultPermissions, canReceive } };
  expect(peer.trackState('microphone')).toBe('off');
});

test('its track plays once media comes, and stands still with the connection', async () => {
  const peer = meet(info());
  const description: Extract<PeerBody, { kind: 'description' }>['description'] = {
    type: 'offer',
    sdp: 'v=0\r\nm=audio 7\r\n',
    tracks: [{ mid: '7', name: 'microphone' }],
  };
  peer.receive({ kind: 'description', link, exchange: 1, description });
  await settle();
  expect(offers()).toMatchObject([{ exchange: 1, description: { type: 'answer' } }]);
  expect(peer.trackState('microphone')).toBe('loading');
  const connection = FakeConnection.all[0]!;
  connection.becomes('connected');
  connection.transceivers[0]!.receiver.track.muted = false;
  expect(peer.trackState('microphone')).toBe('playable');
  expect(peer.track('microphone')).toBe(connection.transceivers[0]!.receiver.track);
  connection.becomes('disconnected');
  expect(peer.trackState('microphone')).toBe('interrupted');
});

test.each(['before anything else', 'beside an offer of ours'])('a candidate that comes %s is kept', async (when) => {
  const peer = meet(info({ id: LOW_ID }));
  const candidate = { candidate: 'candidate:1 1 udp 1 127.0.0.1 9 typ host', sdpMid: '0', sdpMLineIndex: 0 };
  const description: Extract<PeerBody, { kind: 'description' }>['description'] = {
    type: 'offer',
    sdp: 'v=0\r\nm=audio 7\r\n',
    tracks: [{ mid: '7', name: 'microphone' }],
  };
  if (when === 'beside an offer of ours') peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  peer.receive({ kind: 'candidate', link, candidate });
  await settle();
  peer.receive({ kind: 'description', link, exchange: 1, description });
  await settle();
  expect(FakeConnection.all.at(-1)!.candidates).toEqual([candidate.candidate]);
});

test('of thousands of candidates few reach the browser', async () => {
  const peer = await talking(info());
  for (let n = 0; n < 2_000; n++) {
    const line = `candidate:${n} 1 udp 1 127.0.0.1 ${1_024 + n} typ host`;
    peer.receive({ kind: 'candidate', link, candidate: { candidate: line, sdpMid: '0', sdpMLineIndex: 0 } });
  }
  await settle();
  expect(FakeConnection.all[0]!.candidates).toHaveLength(128);
});

test('of two offers that cross, that of the higher id gives way and is made again', async () => {
  const offer: PeerBody = {
    kind: 'description',
    link: { from: far },
    exchange: 1,
    description: { type: 'offer', sdp: 'v=0\r\n', tracks: [] },
  };
  const impolite = meet(info({ id: HIGH_ID }));
  impolite.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  impolite.receive(offer);
  await settle();
  expect(offers().map(({ description }) => description.type)).toEqual(['offer']);
  said.length = 0;
  const polite = meet(info({ id: LOW_ID }));
  polite.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  polite.receive(offer);
  await settle();
  expect(offers().map(({ description }) => description.type)).toEqual(['offer', 'answer', 'offer']);
  expect(offers().map(({ exchange }) => exchange)).toEqual([1, 1, 2]);
  // Its first connection may never find a candidate again: what it sends is on another one.
  const [kept, left, next] = FakeConnection.all;
  expect([kept, left, next].map((connection) => connection?.closed)).toEqual([false, true, false]);
  expect(next!.transceivers.map(({ sender }) => sender.track)).toEqual([tracks.get('microphone')]);
});

test('an offer with new sections that waits for an answer is said again as it was, and its late answer counts', async () => {
  const peer = meet(info());
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await settle();
  const first = said.slice(1);
  expect(first).toMatchObject([{ kind: 'candidate' }, { kind: 'description', exchange: 1 }]);
  said.length = 0;
  // The far side has waited for sound long enough.
  peer.receive({ kind: 'restart', link });
  await settle();
  expect(said).toEqual(first.reverse());
  peer.receive(answerOf(1, 1));
  await settle();
  expect(FakeConnection.all).toHaveLength(1);
  FakeConnection.all[0]!.becomes('connected');
  // What both agreed on has its names: a restart of it that gets lost is made anew.
  said.length = 0;
  await vi.advanceTimersByTimeAsync(1_000);
  FakeConnection.all[0]!.becomes('failed');
  await settle();
  await vi.advanceTimersByTimeAsync(12_000);
  expect(FakeConnection.all[0]!.restarts).toEqual([false, true, true]);
  expect(offers().map(({ exchange }) => exchange)).toEqual([2, 3]);
});

test('an offer that the browser refuses is answered with a new connection, and again no sooner than after 2 s', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const peer = await talking(info());
  const from = said.length;
  const refused = (exchange: number): PeerBody => ({
    kind: 'description',
    link,
    exchange,
    description: { type: 'offer', sdp: 'v=0\r\nrefused', tracks: [] },
  });
  peer.receive(refused(1));
  await settle();
  expect(FakeConnection.all.map(({ closed }) => closed)).toEqual([true, false]);
  const own = said[from]!.link.from;
  expect(said.slice(from)).toMatchObject([{ kind: 'subscribe' }, { kind: 'candidate' }, { kind: 'description' }]);
  expect(said.every((body) => body.link.from === own)).toBe(true);
  link = { from: createId(), to: own };
  for (let n = 2; n < 100; n++) {
    peer.receive(answerOf(1, 1));
    peer.receive(refused(n));
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(FakeConnection.all).toHaveLength(2);
  warned.mockRestore();
});

test('an unchanged wish for a quality asks nothing of the browser', async () => {
  const peer = await talking(info());
  tracks.set('camera', new FakeTrack('video') as unknown as MediaStreamTrack);
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone', 'camera'] });
  await settle();
  const asked = vi.spyOn(FakeConnection.all[0]!.transceivers[1]!.sender, 'getParameters');
  const wish = (maxQuality: 'low' | 'high') =>
    peer.receive({ kind: 'quality', link, tracks: [{ name: 'camera', maxQuality }] });
  for (let n = 0; n < 100; n++) wish('low');
  for (let n = 0; n < 100; n++) peer.receive({ kind: 'subscribe', link, tracks: ['microphone', 'camera'] });
  await settle();
  expect(asked).toHaveBeenCalledOnce();
  wish('high');
  await settle();
  expect(asked).toHaveBeenCalledTimes(2);
});

test('an offer that crosses another one on a connection that works is taken back on it', async () => {
  const peer = await talking(info({ id: LOW_ID }));
  tracks.set('camera', new FakeTrack('video') as unknown as MediaStreamTrack);
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone', 'camera'] });
  await settle();
  peer.receive(longOffer(1, 'name'));
  await settle();
  expect(offers().map(({ description }) => description.type)).toEqual(['offer', 'answer', 'offer']);
  expect(FakeConnection.all).toHaveLength(1);
});

test('a cut that both sides notice is one restart', async () => {
  const peer = await talking(info());
  FakeConnection.all[0]!.becomes('failed');
  peer.receive({ kind: 'restart', link });
  peer.retry();
  await settle();
  expect(FakeConnection.all[0]!.restarts).toEqual([false, true]);
});

test('the higher id asks for the restart instead of offering it', async () => {
  await talking(info({ id: LOW_ID }));
  FakeConnection.all[0]!.becomes('disconnected');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(said).toMatchObject([{ kind: 'restart' }]);
  expect(FakeConnection.all[0]!.restarts).toEqual([false]);
});

test('a socket that is back starts a connection again that is cut', async () => {
  const peer = await talking(info());
  peer.retry();
  await settle();
  expect(FakeConnection.all[0]!.restarts).toEqual([false]);
  FakeConnection.all[0]!.becomes('disconnected');
  peer.retry();
  await settle();
  expect(FakeConnection.all[0]!.restarts).toEqual([false, true]);
});

/** Media comes for so long, played or not. */
const flow = async (ms: number, how: 'played' | 'unplayed') => {
  const connection = FakeConnection.all.at(-1)!;
  for (let passed = 0; passed < ms; passed += 250) {
    if (how === 'played') connection.transceivers[0]!.playedAt = performance.now();
    else connection.packetsReceived += 12;
    await vi.advanceTimersByTimeAsync(250);
  }
};

test.each(['played', 'unplayed'] as const)(
  'packets that end, %s, are a path that is broken, long before the browser says so',
  async (how) => {
    const peer = await talking(info());
    await flow(20_000, how);
    expect(peer.trackState('microphone')).toBe('loading');
    expect(FakeConnection.all[0]!.restarts).toEqual([false]);
    await vi.advanceTimersByTimeAsync(1_750);
    expect(peer.trackState('microphone')).toBe('interrupted');
    expect(peer.alive).toBe(false);
    await settle();
    expect(FakeConnection.all[0]!.restarts).toEqual([false, true]);
    await flow(250, how);
    expect(peer.trackState('microphone')).toBe('loading');
    expect(peer.alive).toBe(true);
  },
);

test('who sends nothing is not missed', async () => {
  const peer = await talking(info());
  await flow(1_000, 'played');
  peer.update(info({ tracks: [{ name: 'microphone', enabled: false, continuous: false, ignoreLevel: false }] }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(peer.alive).toBe(true);
  expect(FakeConnection.all[0]!.restarts).toEqual([false]);
});

test.each(['of ours', 'of the far side'])('after eight restarts %s a new connection is made', async (whose) => {
  const silent = info({ tracks: [] });
  const peer = await talking(silent);
  for (let n = 0; n < 9; n++) {
    expect(FakeConnection.all).toHaveLength(1);
    if (whose === 'of ours') peer.receive({ kind: 'restart', link });
    // The first one is how it is known by.
    else for (const name of n === 0 ? ['first', 'name-0'] : [`name-${n}`]) peer.receive(shortOffer(n, name));
    await vi.advanceTimersByTimeAsync(2_500);
    if (whose === 'of ours' && n < 8) peer.receive(answer(offers().at(-1)!.exchange));
    await settle();
  }
  expect(FakeConnection.all.map(({ closed }) => closed)).toEqual([true, false]);
});

test('wishes that change all the time are followed a few times a second, and the last of them', async () => {
  const peer = await talking(info());
  const [{ sender }] = FakeConnection.all[0]!.transceivers as [FakeConnection['transceivers'][number]];
  const replaced = vi.spyOn(sender, 'replaceTrack');
  for (let n = 0; n < 950; n++) {
    peer.receive({ kind: 'subscribe', link, tracks: n % 2 === 0 ? [] : ['microphone'] });
    await vi.advanceTimersByTimeAsync(1_000 / 95);
  }
  expect(replaced.mock.calls.length).toBeGreaterThan(10);
  expect(replaced.mock.calls.length).toBeLessThanOrEqual(8 + 4 * 10);
  peer.receive({ kind: 'subscribe', link, tracks: [] });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(sent()).toEqual([null]);
});

test('another end of it begins anew, and what was said to the former concerns nobody', async () => {
  const peer = await talking(info());
  const next = { from: createId() };
  peer.receive({ kind: 'subscribe', link: next, tracks: ['microphone'] });
  await settle();
  expect(FakeConnection.all.map(({ closed }) => closed)).toEqual([true, false]);
  const { length } = offers();
  peer.receive({ kind: 'restart', link });
  await settle();
  expect(offers()).toHaveLength(length);
});

const longOffer = (exchange: number, name: string): PeerBody => ({
  kind: 'description',
  link,
  exchange,
  description: { type: 'offer', sdp: `v=0\r\n${`m=audio 7\r\na=ice-ufrag:${name}\r\n`.repeat(32)}`, tracks: [] },
});

const shortOffer = (exchange: number, name: string): PeerBody => ({
  kind: 'description',
  link,
  exchange,
  description: { type: 'offer', sdp: `v=0\r\nm=audio 0\r\na=ice-ufrag:${name}\r\n`, tracks: [] },
});

test.each(['links', 'restarts', 'long offers'])(
  '%s that the other side asks for all the time are few',
  async (what) => {
    const peer = await talking(info());
    for (let n = 0; n < 950; n++) {
      const from = createId();
      if (what === 'links') peer.receive({ kind: 'subscribe', link: { from }, tracks: ['microphone'] });
      else if (what === 'restarts') peer.receive({ kind: 'restart', link });
      else peer.receive(longOffer(n, `name-${n}`));
      await vi.advanceTimersByTimeAsync(1_000 / 95);
    }
    await settle();
    // The first and at once, and after 1, 3 and 7 s; or two at once and one in 2 s.
    expect(FakeConnection.all.length).toBeLessThanOrEqual(what === 'links' ? 5 : 1);
    expect(offers().length).toBeLessThanOrEqual(10);
  },
);

test('what the server would refuse is not said', async () => {
  const warned = vi.spyOn(console, 'warn').mockImplementation(() => {});
  const peer = await talking(info());
  const description = vi.spyOn(FakeConnection.all[0]!, 'createAnswer');
  description.mockResolvedValue({ sdp: `v=0\r\n${'m=audio 7\r\n'.repeat(33)}` });
  peer.receive(longOffer(1, 'name'));
  await settle();
  expect(description).toHaveBeenCalledOnce();
  expect(offers()).toEqual([]);
  expect(warned.mock.calls[0]?.[1]).toBe('a session description with 33 media sections');
  warned.mockRestore();
});
