import { isIP } from 'node:net';
import { limits } from '@sluice/protocol';
import { isLoopbackAddress, isRoutableAddress } from '../../address-ranges.ts';

const CANDIDATE =
  /^(?:a=)?candidate:[\w+/]{1,32} [12] (?:udp|tcp) \d{1,10} (\S{1,255}) (\d{1,5}) typ (?:host|srflx|prflx|relay)(?: |$)/i;
/** What a parser takes for the end of the line ends it for all. */
const ONE_LINE = /^[\x20-\x7e]*$/;
const MDNS_NAME = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.local$/i;

/**
 * Whether a candidate may be passed on. A room on loopback passes loopback addresses; any other room does not pass
 * addresses that only mean something on the receiver's own machine or link, so that nobody turns participants into
 * port scanners.
 */
export function candidateAllowed(candidate: string, loopbackRoom: boolean): boolean {
  if (candidate === '') return true;
  const match = CANDIDATE.exec(candidate);
  if (match === null || !ONE_LINE.test(candidate) || candidate.length > limits.candidateLength) return false;
  const address = match[1]!;
  const port = Number(match[2]);
  if (port < 1 || port > 65_535) return false;
  if (isIP(address) === 0) return MDNS_NAME.test(address);
  return isRoutableAddress(address) || (loopbackRoom && isLoopbackAddress(address));
}
