import { VirtualClock } from '@sluice/core/testing';
import { createId, defaultPermissions, type PeerBody, type RoomParticipantInfo } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HostAudioSource, HostConnection, MediaHost } from '../../host/media-host.ts';
import type { LocalTrack } from '../driver.ts';
import { Peer } from './peer.ts';
import { RelayFaults } from './relay-faults.ts';

const LOW_ID = '00000000-0000-4000-8000-000000000000';
const HIGH_ID = 'ffffffff-0000-4000-8000-000000000000';

const info = (id: string): RoomParticipantInfo => ({
  id,
  userName: 'Ada',
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
});

let clock: VirtualClock;
let connections: { closed: boolean }[];
let said: PeerBody[];
let listening: number;
let peer: Peer;
let faults: unknown[];
/** Each time that a track began or ended to be sent. */
let switched: boolean[];

function connection(): HostConnection {
  const state = { closed: false };
  connections.push(state);
  const described = (type: 'offer' | 'answer') => async () => ({ type, sdp: 'v=0\r\n', tracks: [] });
  const fake = {
    on: () => () => {},
    addTrack: () => {},
    replaceTrack: (_: string, source: HostAudioSource | null) => switched.push(source !== null),
    receive: () => {},
    createOffer: described('offer'),
    createAnswer: described('answer'),
    setRemoteDescription: async ({ sdp }: { readonly sdp: string }) => {
      if (sdp.includes('broken')) throw new Error('the engine refuses it');
    },
    addIceCandidate: async () => {
      throw new Error('the engine refuses it');
    },
    rollback: async () => {},
    close: () => {
      state.closed = true;
    },
  };
  return fake as Partial<HostConnection> as HostConnection;
}

afterEach(({ task }) => {
  if (!task.name.includes('engine')) expect(faults).toEqual([]);
});
beforeEach(() => {
  clock = new VirtualClock();
  connections = [];
  said = [];
  listening = 0;
  faults = [];
  switched = [];
  const microphone: LocalTrack = { kind: 'audio', source: {} as HostAudioSource, continuous: true, ignoreLevel: false };
  peer = new Peer(info(HIGH_ID), {
    localId: LOW_ID,
    media: { createConnection: connection } as Partial<MediaHost> as MediaHost,
    clock,
    candidates: 'loopback',
    ice: () => ({}),
    local: () => info(LOW_ID),
    localTracks: () => new Map([['microphone', microphone]]),
    candidateFilter: () => undefined,
    send: (_, body) => said.push(body),
    onAudio: () => {},
    onVideo: () => {},
    onTrackState: () => {},
    onListening: () => listening++,
    onConnection: () => {},
    relayFaults: new RelayFaults(() => {}),
    report: (error) => faults.push(error),
  });
});

const subscribes = (from: string, tracks = ['microphone']) =>
  peer.receive({ kind: 'subscribe', link: { from }, tracks });
const offers = () => said.filter((body) => body.kind === 'description' && body.description.type === 'offer');
const open = () => connections.filter(({ closed }) => !closed);

test.each(['answers', 'offers', 'candidates'])('%s that the engine refuses are told a few times', async (what) => {
  const link = { from: createId() };
  peer.receive({ kind: 'subscribe', link, tracks: ['microphone'] });
  await clock.advance(1_000);
  if (what !== 'answers') {
    // The first negotiation is over: what comes then reaches the engine.
    const [offer] = offers();
    const exchange = offer?.kind === 'description' ? offer.exchange : 0;
    peer.receive({ kind: 'description', link, exchange, description: { type: 'answer', sdp: 'v=0\r\n', tracks: [] } });
    await clock.advance(1_000);
  }
  const sdp = 'v=0\r\nbroken';
  const candidate = 'candidate:1 1 udp 2113937151 192.0.2.1 5000 typ host';
  for (let n = 0; n < 950; n++) {
    if (what === 'candidates')
      peer.receive({ kind: 'candidate', link, candidate: { candidate, sdpMid: '0', sdpMLineIndex: 0 } });
    else if (what === 'answers')
      peer.receive({ kind: 'description', link, exchange: 1, description: { type: 'answer', sdp, tracks: [] } });
    else peer.receive({ kind: 'description', link, exchange: n, description: { type: 'offer', sdp, tracks: [] } });
    await clock.advance(1_000 / 95);
  }
  expect(faults.length).toBeLessThanOrEqual(9);
  // The first offer costs its sender the connection.
  expect(faults.length).toBeGreaterThanOrEqual(what === 'offers' ? 1 : 8);
});

test.each([true, false])(
  'wishes that change all the time are followed a few times a second, and the last of them: %s',
  async (last) => {
    const link = { from: createId() };
    const wish = (on: boolean) => peer.receive({ kind: 'subscribe', link, tracks: on ? ['microphone'] : [] });
    for (let n = 0; n < 950; n++) {
      wish(n % 2 === 0);
      await clock.advance(1_000 / 95);
    }
    expect(switched.length).toBeGreaterThan(10);
    expect(switched.length).toBeLessThanOrEqual(8 + 4 * 10);
    wish(last);
    await clock.advance(1_000);
    expect(switched.at(-1)).toBe(last);
    const { length } = switched;
    for (let n = 0; n < 5; n++) {
      wish(!last);
      await clock.advance(1_000);
      wish(last);
      await clock.advance(1_000);
    }
    // Nobody waits who wishes twice a second.
    expect(switched).toHaveLength(length + 10);
  },
);

test('who tells of new ends of its connection without end costs a few connections a minute', async () => {
  let last = '';
  for (let n = 0; n < 950; n++) {
    last = createId();
    subscribes(last);
    await clock.advance(1_000 / 95);
  }
  // The first, and new ones after 0, 1, 3 and 7 s.
  expect(connections).toHaveLength(5);
  expect(open()).toHaveLength(1);
  expect(said.length).toBeLessThan(20);
  await clock.advance(30_000);
  expect(connections).toHaveLength(6);
  // The newest of them is the one that is there.
  expect(said.at(-1)?.link.to).toBe(last);
});

test('a wish that is said again changes nothing', async () => {
  const from = createId();
  subscribes(from);
  await clock.settle();
  const before = said.length;
  for (let n = 0; n < 100; n++) subscribes(from);
  await clock.settle();
  expect([said.length, connections.length, listening]).toEqual([before, 1, 1]);
});

test('a new end that has to wait is dropped with its participant', async () => {
  for (let n = 0; n < 10; n++) subscribes(createId());
  peer.close();
  await clock.advance(60_000);
  expect(connections).toHaveLength(2);
  expect(open()).toEqual([]);
  expect(clock.timers).toBe(0);
});

test('wishes for a restart without end are followed twice at once and every 2 s, and wear out a connection after eight', async () => {
  const from = createId();
  subscribes(from);
  await clock.settle();
  const answer = () => {
    const last = offers().at(-1);
    if (last?.kind !== 'description') return;
    peer.receive({
      ...last,
      link: { from, to: last.link.from },
      description: { type: 'answer', sdp: 'v=0', tracks: [] },
    });
  };
  answer();
  for (let n = 0; n < 950; n++) {
    peer.receive({ kind: 'restart', link: { from, to: said.at(-1)!.link.from } });
    await clock.advance(1_000 / 95);
    answer();
  }
  // The first offer, two at once, and one in 2 s.
  expect(offers().length).toBeLessThanOrEqual(1 + 2 + 5);
  expect(connections).toHaveLength(1);
  for (let n = 0; n < 950; n++) {
    peer.receive({ kind: 'restart', link: { from, to: said.at(-1)!.link.from } });
    await clock.advance(1_000 / 95);
    answer();
  }
  expect(connections).toHaveLength(2);
  expect(open()).toHaveLength(1);
});

test('restarts that the far side makes without end wear out a connection as well', async () => {
  const from = createId();
  for (let n = 0; n < 29; n++) {
    const description = { type: 'offer' as const, sdp: `v=0\r\na=ice-ufrag:name-${n}\r\n`, tracks: [] };
    peer.receive({ kind: 'description', link: { from }, exchange: n, description });
    await clock.advance(2_000);
  }
  // The first offer and eight restarts each, and the one in whose place the next connection came.
  expect(connections).toHaveLength(3);
  expect(open()).toHaveLength(1);
});
