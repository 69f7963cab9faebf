import { expect, test } from 'vitest';
import { candidateAllowed } from './candidate-policy.ts';

const host = (address: string) => `candidate:1 1 udp 2122260223 ${address} 40000 typ host generation 0 ufrag abcd`;

test.each(['127.0.0.1', '127.255.0.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', '::FFFF:7F00:1'])(
  '%s is passed on in a room on loopback, and in no other',
  (address) => {
    expect([candidateAllowed(host(address), true), candidateAllowed(host(address), false)]).toEqual([true, false]);
  },
);

test.each([
  '0.0.0.0',
  '169.254.169.254',
  '224.0.0.251',
  '::',
  '::ffff:169.254.169.254',
  'fe80::1',
  'fe80::1%eth0',
  '127.1',
  '2130706433',
  '0x7f000001',
  'localhost',
])('%s is passed on in none', (address) => {
  expect([candidateAllowed(host(address), true), candidateAllowed(host(address), false)]).toEqual([false, false]);
});

test.each(['203.0.113.9', '192.168.1.7', '2001:db8::1', '3f6a9e9c-7d0b-4d9e-8a55-0a4f3f1f7c11.local'])(
  '%s is passed on',
  (address) => {
    expect(candidateAllowed(host(address), false)).toBe(true);
  },
);

test.each([
  ['a second line', `${host('203.0.113.9')}\r\na=candidate:1 1 udp 1 192.0.2.7 9 typ host`],
  ['a port that is none', host('203.0.113.9').replace('40000', '0')],
  ['no candidate', 'hello'],
  ['a longer line than any', host('203.0.113.9').padEnd(600, ' x')],
])('%s is not', (_, line) => {
  expect(candidateAllowed(line, true)).toBe(false);
});
