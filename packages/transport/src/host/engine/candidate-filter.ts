import { isIPv4 } from 'node:net';
import { isLoopbackAddress, isRoutableAddress } from '../../address-ranges.ts';

/** Which interfaces' candidates are used. */
export type CandidatePolicy = 'loopback' | 'all';

const MDNS_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$/i;

/**
 * Whether a candidate line may be used. `loopback` keeps UDP on 127.0.0.0/8 only, relayed or not; `all` drops TCP and
 * what only means something on the receiver's own machine or link. Both directions are filtered: what a stranger sends
 * must not make the engine probe addresses of his choice.
 */
export function allowsCandidate(policy: CandidatePolicy, line: string): boolean {
  const [, , transport, , address = ''] = line.replace(/^(a=)?candidate:/, '').split(' ');
  if (transport?.toLowerCase() !== 'udp') return false;
  if (policy === 'loopback') return isIPv4(address) && isLoopbackAddress(address);
  return isRoutableAddress(address) || MDNS_NAME.test(address);
}
