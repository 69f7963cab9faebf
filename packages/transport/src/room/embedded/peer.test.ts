import { VirtualClock } from '@sluice/core/testing';
import type { PeerBody, RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { HostConnection, HostConnectionOptions, HostConnectionStats, MediaHost } from '../../host/media-host.ts';
import { Peer } from './peer.ts';
import type { PeerContext } from './peer-context.ts';
import { RelayFaults } from './relay-faults.ts';

const nothing = () => {};
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Somebody of whom every offer is refused, as of one who means another connection than we do, unless `engine` takes it. */
function refusingPeer(engine: Partial<HostConnection> = {}) {
  const clock = new VirtualClock();
  const sent: PeerBody[] = [];
  const faults: unknown[] = [];
  const made: HostConnectionOptions[] = [];
  const info = (id: string) => ({ id, tracks: [] }) as unknown as RoomParticipantInfo;
  const createConnection = (options: HostConnectionOptions) => {
    made.push(options);
    return {
      on: () => nothing,
      setRemoteDescription: () => Promise.reject(new Error('the order of m-lines')),
      receive: nothing,
      close: nothing,
      ...engine,
    } as unknown as HostConnection;
  };
  const context = {
    localId: 'a',
    media: { createConnection } as unknown as MediaHost,
    clock,
    candidates: 'loopback',
    ice: () => ({}),
    local: () => info('a'),
    localTracks: () => new Map(),
    candidateFilter: () => undefined,
    send: (_to: string, body: PeerBody) => void sent.push(body),
    onAudio: nothing,
    onVideo: nothing,
    onTrackState: nothing,
    onListening: nothing,
    onConnection: nothing,
    relayFaults: new RelayFaults(nothing),
    report: (error: unknown) => void faults.push(error),
  } satisfies PeerContext<Peer>;
  const peer = new Peer(info('b'), context);
  const offer = (end = 'end-of-b') =>
    peer.receive({
      kind: 'description',
      link: { from: end },
      exchange: 1,
      description: { type: 'offer', sdp: 'o', tracks: [] },
    });
  return { clock, peer, sent, faults, offer, made, connections: () => made.length };
}

test('who refuses an offer starts anew under another name, once in a while', async () => {
  const { clock, peer, sent, faults, offer, connections } = refusingPeer();
  await settle();
  const [before] = sent.splice(0).map(({ link }) => link.from);
  offer();
  await settle();
  expect(faults).toHaveLength(1);
  // The far side takes a new name for a new connection and makes one, too.
  const [after] = sent.splice(0).map(({ link }) => link);
  expect(after).toBeDefined();
  expect(after).not.toHaveProperty('to');
  expect(after!.from).not.toBe(before);

  offer();
  await settle();
  expect([connections(), sent]).toEqual([2, []]);
  await clock.advance(2_000);
  offer();
  await settle();
  expect(sent.map(({ link }) => link.from)).not.toContain(after!.from);
  expect(sent).toHaveLength(1);
  peer.close();
});

test('who sends pictures that nobody asked for is told of once, and met anew without any', async () => {
  const wall = { mid: '1', name: 'customVideo.wall', pixels: 1280 * 720 };
  let framesDecoded = 290;
  const { peer, sent, faults, offer, made } = refusingPeer({
    setRemoteDescription: async () => {},
    createAnswer: () => new Promise(() => {}),
    stats: async () => ({ video: [{ ...wall, framesDecoded }] }) as unknown as HostConnectionStats,
  });
  peer.wish('camera', 'subscribed');
  offer();
  await peer.stats();
  expect(faults).toEqual([]);
  framesDecoded = 310;
  await peer.stats();
  expect(faults).toMatchObject([
    { code: 'SLUICE_ROOM_PROTOCOL', message: expect.stringMatching(/^b sends pictures that nobody/) },
  ]);
  await settle();
  expect(sent.at(-1)).toMatchObject({ kind: 'subscribe', tracks: [] });
  offer('another-end');
  await settle();
  expect(made).toEqual([{ candidates: 'loopback' }, { candidates: 'loopback', pictures: false }]);
  await peer.stats();
  expect(faults).toHaveLength(1);
});
