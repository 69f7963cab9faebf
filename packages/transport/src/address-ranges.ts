import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** What only means something on the receiver's own machine or link (RFC 6890, RFC 4291). */
const unroutableV4 = new BlockList();
/** Apart, as a list takes IPv4 for the mapped IPv6 that it holds. */
const unroutableV6 = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const)
  unroutableV4.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  // Unspecified, loopback, and IPv4 written as IPv6 in the old way.
  ['::', 96],
  ['::ffff:0:0', 96],
  // IPv4 behind translators and tunnels: NAT64, SIIT, Teredo and 6to4 reach what the rules above keep away.
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['::ffff:0:0:0', 96],
  ['2001::', 32],
  ['2002::', 16],
  ['fe80::', 10],
  // Addresses of a site, which are not used any more.
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  unroutableV6.addSubnet(net, bits, 'ipv6');

/** Whether it is an address of the own machine, in any spelling. */
export function isLoopbackAddress(address: string): boolean {
  return inside(loopback, address);
}

/** Whether it can be an address of another machine. What is no IP address, or names a zone, cannot. */
export function isRoutableAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  return !inside(version === 4 ? unroutableV4 : unroutableV6, address);
}

function inside(list: BlockList, address: string): boolean {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) return false;
  return list.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
