import { expect, test } from 'vitest';
import { isLoopbackAddress, isRoutableAddress } from './address-ranges.ts';

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '::1',
  '0:0:0:0:0:0:0:1',
  '0000:0000::0001',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
])('%s is loopback, and of no other machine', (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
  expect(isRoutableAddress(address)).toBe(false);
});

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::127.0.0.1',
  '::ffff:192.0.2.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '64:ff9b:1::7f00:1',
  '::ffff:0:127.0.0.1',
  '2001:0:7f00:1::1',
  'fec0::1',
  'fe80::1',
  'FEBF::1',
  'fe80::1%eth0',
  'ff02::1',
  '127.1',
  '2130706433',
  'localhost',
  '',
])('%s is of no other machine, and not loopback', (address) => {
  expect(isLoopbackAddress(address)).toBe(false);
  expect(isRoutableAddress(address)).toBe(false);
});

test.each(['192.0.2.2', '10.0.0.1', '192.168.1.7', '203.0.113.9', 'fd00::2', '2001:db8::1'])(
  '%s can be of another machine',
  (address) => {
    expect(isRoutableAddress(address)).toBe(true);
    expect(isLoopbackAddress(address)).toBe(false);
  },
);
