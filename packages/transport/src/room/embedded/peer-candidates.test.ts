import { VirtualClock } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { PeerCandidates } from './peer-candidates.ts';

const line = (type: string, ufrag: string) => ({
  candidate: `candidate:1 1 udp 1 192.0.2.1 4000 typ ${type} generation 0 ufrag ${ufrag} network-id 1`,
  sdpMid: '0',
  sdpMLineIndex: 0,
});

test('a gathering says 32 candidates of each type at most, and the next one has as many', () => {
  const candidates = new PeerCandidates('grace', new VirtualClock(), () => undefined);
  const said = (type: string, ufrag: string) =>
    Array.from({ length: 100 }, () => candidates.outgoing(line(type, ufrag))).filter((one) => one !== null).length;
  expect([said('host', 'one'), said('relay', 'one'), said('host', 'two')]).toEqual([32, 32, 32]);
});

test('what a filter drops does not count', () => {
  let drop = true;
  const candidates = new PeerCandidates(
    'grace',
    new VirtualClock(),
    () =>
      ({ candidate }) =>
        drop ? null : candidate,
  );
  for (let n = 0; n < 100; n++) expect(candidates.outgoing(line('host', 'one'))).toBeNull();
  drop = false;
  expect(candidates.outgoing(line('host', 'one'))).toEqual(line('host', 'one'));
});

test('a far side has twelve names looked for at once, and one every two seconds; addresses are as many as before', async () => {
  const clock = new VirtualClock();
  const candidates = new PeerCandidates('grace', clock, () => undefined);
  const taken = (address: string) => {
    const candidate = { ...line('host', 'one'), candidate: `candidate:1 1 udp 1 ${address} 4000 typ host` };
    return Array.from({ length: 100 }, () => candidates.incoming(candidate)).filter((one) => one !== null).length;
  };
  const name = '0b8e9b0a-7f0e-4f0b-9d5f-0a4a5c6d7e8f.local';
  expect([taken(name), taken('192.0.2.1'), taken('2001:db8::1')]).toEqual([12, 100, 100]);
  await clock.advance(10_000);
  expect(taken(name)).toBe(5);
});
