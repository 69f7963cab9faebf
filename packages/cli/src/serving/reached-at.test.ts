import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostsOf, reachedAt } from './reached-at.ts';

const address = (address: string, more: object = {}) =>
  ({ address, family: address.includes(':') ? 'IPv6' : 'IPv4', internal: false, ...more }) as NetworkInterfaceInfo;
const interfaces = {
  lo: [address('127.0.0.1', { internal: true }), address('::1', { internal: true })],
  eth0: [address('fe80::1', { scopeid: 2 }), address('fd00::7'), address('192.0.2.7')],
  usb0: [address('169.254.3.4')],
  gone: undefined,
};

describe('reachedAt', () => {
  it.each<[listens: string, names: readonly string[], url: string, others: readonly string[]]>([
    ['http://127.0.0.1:7880/a', [], 'http://127.0.0.1:7880/a', []],
    ['http://127.0.0.1:7880/a', ['behind.example'], 'http://127.0.0.1:7880/a', []],
    ['https://[::1]:1/a', [], 'https://[::1]:1/a', []],
    ['https://0.0.0.0:1/a', [], 'https://127.0.0.1:1/a', ['https://192.0.2.7:1/a']],
    ['https://[::]:1/a', [], 'https://127.0.0.1:1/a', ['https://192.0.2.7:1/a', 'https://[fd00::7]:1/a']],
    ['http://192.0.2.7:1/a', [], 'http://192.0.2.7:1/a', ['http://192.0.2.7:1/a']],
    // Who answers to names answers to no address.
    [
      'https://0.0.0.0:1/a',
      ['a.example', 'b.example'],
      'https://a.example:1/a',
      ['https://a.example:1/a', 'https://b.example:1/a'],
    ],
  ])('%s answers to %j at %s and %j', (listens, names, url, others) => {
    expect(reachedAt(new URL(listens), names, interfaces)).toEqual({ url, others });
  });

  it('has no other address on a machine without a network', () => {
    expect(reachedAt(new URL('http://0.0.0.0:1/a'), [], { lo: interfaces.lo })).toEqual({
      url: 'http://127.0.0.1:1/a',
      others: [],
    });
  });
});

it('hostsOf has each host that a server may be asked by, once', () => {
  const own = ['localhost', '127.0.0.1', '::1'];
  expect(hostsOf('127.0.0.1', [], interfaces)).toEqual(own);
  expect(hostsOf('0.0.0.0', ['localhost'], interfaces)).toEqual([...own, '192.0.2.7']);
  expect(hostsOf('::', ['a.example'], interfaces)).toEqual([...own, '192.0.2.7', 'fd00::7', 'a.example']);
  expect(hostsOf('[fd00::9]', [], interfaces)).toEqual([...own, 'fd00::9']);
});
