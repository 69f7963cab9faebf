import { expect, test } from 'vitest';
import { selectedPath } from './selected-path.ts';

/** What the engine tells of a way by a relay that is reached over TLS, beside one that works too and was not chosen. */
const report = (pair: object = {}, local: object = {}) =>
  new Map<string, Readonly<Record<string, unknown>>>([
    ['other', { type: 'candidate-pair', localCandidateId: 'here', remoteCandidateId: 'here', nominated: true }],
    ['pair', { type: 'candidate-pair', localCandidateId: 'here', remoteCandidateId: 'there', ...pair }],
    [
      'here',
      {
        type: 'local-candidate',
        candidateType: 'relay',
        protocol: 'udp',
        address: '198.51.100.7',
        port: 3_478,
        ...local,
      },
    ],
    ['there', { type: 'remote-candidate', candidateType: 'prflx', protocol: 'udp', address: '', port: 40_000 }],
    ['transport', { type: 'transport', selectedCandidatePairId: 'pair' }],
  ]);

test('the way is the pair that the transport uses, with how a relay is reached', () => {
  const answered = { responsesReceived: 3, currentRoundTripTime: 0.042 };
  expect(selectedPath(report(answered, { relayProtocol: 'tls' }))).toEqual({
    protocol: 'tls',
    relayed: true,
    roundTripMs: 42,
    local: { type: 'relay', address: '198.51.100.7', port: 3_478 },
    remote: { type: 'prflx', address: '', port: 40_000 },
  });
  expect(selectedPath(report(answered, { candidateType: 'srflx' }))).toMatchObject({ protocol: 'udp', relayed: false });
});

test('a round trip is not known before the first answer, nor where the engine tells none', () => {
  for (const pair of [{ responsesReceived: 0, currentRoundTripTime: 0 }, { responsesReceived: 1 }, {}])
    expect(selectedPath(report(pair))?.roundTripMs).toBeNull();
});

test('there is no way before one was chosen, nor where an end of it is not told', () => {
  expect(selectedPath(new Map())).toBeUndefined();
  for (const missing of ['pair', 'here', 'there', 'transport']) {
    const told = report();
    told.delete(missing);
    expect(selectedPath(told), missing).toBeUndefined();
  }
});
