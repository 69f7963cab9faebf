import { expect, test } from 'vitest';
import { PeerCandidates } from './peer-candidates.ts';

const line = (type: string, ufrag: string) => ({
  candidate: `candidate:1 1 udp 1 192.0.2.1 4000 typ ${type} generation 0 ufrag ${ufrag} network-id 1`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

test('a gathering says 32 candidates of each type at most, and the next one has as many', () => {
  const candidates = new PeerCandidates('grace', () => undefined);
  const said = (type: string, ufrag: string) =>
    Array.from({ length: 100 }, () => candidates.outgoing(line(type, ufrag))).filter((one) => one !== null).length;
  expect([said('host', 'one'), said('relay', 'one'), said('host', 'two')]).toEqual([32, 32, 32]);
});

test('what a filter drops does not count', () => {
  let drop = true;
  const candidates = new PeerCandidates(
    'grace',
    () =>
      ({ candidate }) =>
        drop ? null : candidate,
  );
  for (let n = 0; n < 100; n++) expect(candidates.outgoing(line('host', 'one'))).toBeNull();
  drop = false;
  expect(candidates.outgoing(line('host', 'one'))).toEqual(line('host', 'one'));
});
