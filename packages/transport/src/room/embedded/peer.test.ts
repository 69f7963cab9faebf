import { VirtualClock } from '@sluice/core/testing';
import type { PeerBody, RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { HostConnection, MediaHost } from '../../host/media-host.ts';
import { Peer } from './peer.ts';
import type { PeerContext } from './peer-context.ts';
import { RelayFaults } from './relay-faults.ts';

const nothing = () => {};
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Somebody of whom every offer is refused, as of one who means another connection than we do. */
function refusingPeer() {
  const clock = new VirtualClock();
  const sent: PeerBody[] = [];
  const faults: unknown[] = [];
  let connections = 0;
  const info = (id: string) => ({ id, tracks: [] }) as unknown as RoomParticipantInfo;
  const createConnection = () => {
    connections++;
    return {
      on: () => nothing,
      setRemoteDescription: () => Promise.reject(new Error('the order of m-lines')),
      receive: nothing,
      close: nothing,
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
  const offer = () =>
    peer.receive({
      kind: 'description',
      link: { from: 'end-of-b' },
      exchange: 1,
      description: { type: 'offer', sdp: 'o', tracks: [] },
    });
  return { clock, peer, sent, faults, offer, connections: () => connections };
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
