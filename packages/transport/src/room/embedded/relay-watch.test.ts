import type { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { beforeEach, expect, test } from 'vitest';
import { RelayFaults } from './relay-faults.ts';
import { RelayWatch } from './relay-watch.ts';

const url = 'turn:127.0.0.1:3478?transport=udp';
const turn = { iceServers: [{ urls: url, username: 'ada', credential: 'hidden' }] };
let clock: VirtualClock;
let faults: SluiceError[];
let watch: RelayWatch;
let second: RelayWatch;
beforeEach(() => {
  clock = new VirtualClock();
  faults = [];
  const shared = new RelayFaults((error) => faults.push(error));
  watch = new RelayWatch(clock, shared);
  second = new RelayWatch(clock, shared);
});

test('a server that does not answer is told once, by name and without its credential', async () => {
  watch.begin(turn);
  await clock.advance(4_999);
  expect(faults).toEqual([]);
  await clock.advance(60_000);
  expect(faults.map(({ code }) => code)).toEqual(['SLUICE_CALL_RELAY']);
  expect(faults[0]!.message).toContain(`${url}: no answer`);
  expect(faults[0]!.message).not.toContain('hidden');
});

test('a refusal is told with its reason', async () => {
  watch.begin({ ...turn, iceTransportPolicy: 'relay' });
  watch.refused({ url, code: 401, text: 'Unauthorized' });
  watch.refused({ url: 'stun:127.0.0.1:3478', code: 701, text: 'of STUN' });
  await clock.advance(5_000);
  expect(faults[0]!.message).toContain('wrong username or credential (401)');
  expect(faults[0]!.message).toContain('iceTransportPolicy is relay');
  expect(faults[0]!.message).not.toContain('of STUN');
});

test('a relay, other servers, no TURN server and the end tell nothing', async () => {
  watch.begin(turn);
  watch.candidate('candidate:1 1 udp 1 127.0.0.1 4000 typ host');
  watch.candidate('candidate:1 1 udp 1 127.0.0.1 4000 typ relay raddr 0.0.0.0 rport 0');
  await clock.advance(5_000);
  watch.begin(turn);
  watch.begin({ iceServers: [{ urls: 'stun:127.0.0.1:3478' }] });
  await clock.advance(5_000);
  watch.begin(turn);
  watch.close();
  await clock.advance(5_000);
  expect(faults).toEqual([]);
});

test('what two connections find out is told once, and again with other servers or after a relay', async () => {
  watch.begin(turn);
  second.begin(turn);
  await clock.advance(5_000);
  expect(faults).toHaveLength(1);
  const others = { ...turn };
  watch.begin(others);
  second.begin(others);
  await clock.advance(5_000);
  expect(faults).toHaveLength(2);
  watch.begin(others);
  watch.candidate('candidate:1 1 udp 1 127.0.0.1 4000 typ relay raddr 0.0.0.0 rport 0');
  second.begin(others);
  await clock.advance(5_000);
  expect(faults).toHaveLength(3);
});
