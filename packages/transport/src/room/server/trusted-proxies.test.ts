import { expect, test } from 'vitest';
import { TrustedProxies } from './trusted-proxies.ts';

const proxies = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
const asks = (remoteAddress: string | undefined, forwarded?: string) =>
  proxies.clientOf({ headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress } });

test.each([
  ['who comes without a proxy, whatever it says', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['who comes through one', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
  ['who comes through one over IPv6', '::ffff:127.0.0.1', '2001:db8::7', '2001:db8::7'],
  ['who comes through two', '127.0.0.1', '203.0.113.7, 10.1.2.3', '203.0.113.7'],
  ['who writes another before', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ['who writes a proxy of ours before', '127.0.0.1', '10.9.9.9, 203.0.113.7', '203.0.113.7'],
  ['who writes what is none', '127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
  ['a proxy that names nobody', '127.0.0.1', undefined, '127.0.0.1'],
  ['a proxy itself', '127.0.0.1', '10.1.2.3', '10.1.2.3'],
  ['who writes very much', '127.0.0.1', `${'10.0.0.1,'.repeat(500)}203.0.113.7`, '203.0.113.7'],
  ['a socket that has closed', undefined, '203.0.113.7', ''],
])('of %s', (_, remoteAddress, forwarded, client) => {
  expect(asks(remoteAddress, forwarded)).toBe(client);
});

test('nobody is believed without proxies', () => {
  const none = new TrustedProxies();
  const socket = { remoteAddress: '127.0.0.1' };
  expect(none.clientOf({ headers: { 'x-forwarded-for': '203.0.113.7' }, socket })).toBe('127.0.0.1');
});

test.each(['localhost', '127.0.0.1/33', '10.0.0.0/0', '10.0.0.0/8/8', 'fd00::/129', '', 7])('%s is no proxy', (one) => {
  expect(() => new TrustedProxies([one as string])).toThrow(/proxies is not valid; expected addresses or networks/);
});
