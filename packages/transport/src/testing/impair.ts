import { installCandidateFilter } from '../room/media-path.ts';
import { ImpairedPath } from './impaired-path.ts';
import { type RelaySide, UdpRelay, type UdpRelayOptions } from './udp-relay.ts';

const HOST_CANDIDATE = /^((?:a=)?candidate:\S+ 1 udp \d+ (\S+)) (\d+)( typ host.*)$/i;

/**
 * A candidate line with the relay's port in place of the real one. Undefined for every candidate but UDP of the relay's host,
 * which must be dropped, or the peers would go around the relay.
 */
export function relayCandidate(relay: UdpRelay, candidate: string, side: RelaySide): string | undefined {
  const [, head, host, port, tail] = HOST_CANDIDATE.exec(candidate) ?? [];
  return host !== relay.host ? undefined : `${head} ${relay.relayed(side, Number(port))}${tail}`;
}

/** For `rawCall({ mapCandidate })`: peer `a` is the impaired side. */
export function impairCandidates(relay: UdpRelay): (candidate: string, from: 'a' | 'b') => string | undefined {
  return (candidate, from) => relayCandidate(relay, candidate, from === 'a' ? 'local' : 'remote');
}

/**
 * Puts a seeded UDP relay between a call and all its peers. Call it before `join`, on one of the sides; both sides must
 * be on this machine. ICE, DTLS and SRTP stay real. Close it after the call has left.
 *
 * @example
 * const path = await impair(client, { seed: 7, loss: 0.05 });
 * await client.join(url);
 * await path.cut(4_000);
 * await client.leave();
 * path.close();
 */
export async function impair(client: object, options: UdpRelayOptions = {}): Promise<ImpairedPath> {
  const relay = await UdpRelay.open(options);
  const uninstall = installCandidateFilter(client, ({ candidate, direction }) => {
    if (candidate.candidate === '') return candidate;
    const line = relayCandidate(relay, candidate.candidate, direction === 'outgoing' ? 'local' : 'remote');
    return line === undefined ? null : { ...candidate, candidate: line };
  });
  return new ImpairedPath(relay, uninstall);
}
