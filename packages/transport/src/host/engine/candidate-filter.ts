/** Which interfaces' candidates are used. */
export type CandidatePolicy = 'loopback' | 'all';

/**
 * Whether a candidate line may be used. `loopback` keeps UDP on 127.0.0.0/8 only; `all` drops TCP and IPv6 link-local.
 * Both directions are filtered: what a stranger sends must not make the engine probe addresses of his choice.
 */
export function allowsCandidate(policy: CandidatePolicy, line: string): boolean {
  const [, , transport, , address = ''] = line.replace(/^(a=)?candidate:/, '').split(' ');
  if (transport?.toLowerCase() !== 'udp') return false;
  if (policy === 'loopback') return address.startsWith('127.');
  return address !== '' && !/^fe[89ab]/i.test(address);
}
