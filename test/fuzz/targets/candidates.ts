import { strict as assert } from 'node:assert';
import { allowsCandidate } from '../../../packages/transport/src/host/engine/candidate-filter.ts';
import { candidateAllowed } from '../../../packages/transport/src/room/protocol/candidate-policy.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';

const line = (address: string, type = 'host') =>
  `candidate:1 1 udp 2122260223 ${address} 40000 typ ${type} generation 0 ufrag abcd`;

const addresses = ['127.0.0.1', '192.168.1.7', '2001:db8::1', '::1', '::ffff:127.0.0.1', 'fe80::1%eth0', '64:ff9b::1'];

export const candidatesTarget: FuzzTarget = {
  name: 'candidates',
  reads: 'ICE candidates, by the policy of the server and the filter of the engine',
  maxBytes: 1_024,
  seeds: () => [
    ...addresses.map((address) => line(address)),
    line('3f6a9e9c-7d0b-4d9e-8a55-0a4f3f1f7c11.local'),
    `a=${line('203.0.113.9', 'srflx')}`,
    line('203.0.113.9', 'relay').replace('udp', 'tcp'),
  ],
  run: (input) => {
    const text = Buffer.from(input).toString();
    const passed = candidateAllowed(text, false);
    // A room on loopback passes more, nothing else.
    if (passed) assert.ok(candidateAllowed(text, true));
    if (passed && text !== '') assert.doesNotMatch(text, /[\r\n\0]/);
    const loopback = allowsCandidate('loopback', text);
    if (!allowsCandidate('all', text)) return;
    // The two sets are apart: what stays on this machine is no address of another.
    assert.ok(!loopback);
    // What the engine would use and the server lets pass is no address of the receiver's own machine.
    if (passed) assert.doesNotMatch(text.split(' ')[4]!, /^(?:127\.|0\.|::1?$|169\.254\.)/);
  },
};
