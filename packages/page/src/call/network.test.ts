import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeConnection } from '../../test/fake-connection.ts';
import { type Level, Network } from './network.ts';
import type { Peer } from './peer.ts';

const inbound = (packetsReceived: number, packetsLost: number) =>
  new Map([['in', { type: 'inbound-rtp', packetsReceived, packetsLost }]]);

let stats: Map<string, object>;
let connection: FakeConnection;
let reports: Level[][];
let network: Network;
const names = ['microphone', 'customAudio.music'];
const tracks = names.map((name) => ({ name, enabled: true, continuous: true, ignoreLevel: name !== 'microphone' }));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
  stats = inbound(0, 0);
  connection = Object.assign(new FakeConnection(), { getStats: async () => stats });
  for (const _ of names) connection.addTransceiver('audio');
  tracks[0]!.enabled = true;
  reports = [];
  const peer = {
    info: { id: 'grace', tracks },
    connection,
    track: (name: string) => connection.transceivers[names.indexOf(name)]?.receiver.track,
  };
  network = new Network(
    () => [peer as unknown as Peer],
    () => {},
    (levels) => reports.push(levels),
  );
});
afterEach(() => {
  network.close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('who speaks is told a few times a second, without what is not to count', async () => {
  connection.transceivers[1]!.audioLevel = 1;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reports).toEqual([]);
  connection.transceivers[0]!.audioLevel = 0.1;
  await vi.advanceTimersByTimeAsync(500);
  expect(reports).toEqual([[{ id: 'grace', dbfs: -20 }], [{ id: 'grace', dbfs: -20 }]]);
});

test('a track that is off is silent, whatever the receiver remembers of it', async () => {
  connection.transceivers[0]!.audioLevel = 0.1;
  tracks[0]!.enabled = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(reports).toEqual([]);
});

test.each([
  ['good', 20],
  ['low', 21],
  ['low', 35],
  ['very-low', 36],
])('a network is %s at a loss of %i of 100 since it was measured last', async (quality, lost) => {
  stats = inbound(1_000, 900);
  await vi.advanceTimersByTimeAsync(2_000);
  stats = inbound(1_100 - lost, 900 + lost);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(network.of('grace')).toBe(quality);
  expect(network.worst).toBe(quality);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(network.of('grace')).toBe('good');
});
