import { isIP } from 'node:net';
import type { Clock } from '@sluice/core';
import { TokenBucket } from '@sluice/protocol';
import type { HostIceCandidate } from '../../host/media-host.ts';
import type { CandidateFilter } from '../media-path.ts';

/**
 * What a machine with many interfaces and servers says of each type in one gathering. Every one of them is a message,
 * which a room server counts, and one more way to be checked.
 */
const MOST_OF_A_TYPE = 32;

/**
 * Names of multicast DNS, with which pages hide their addresses, a page one or two of them. The engine takes a thread and a descriptor for
 * each until it is found or given up, which is some 10 s where nobody answers.
 */
const NAMES = { burst: 12, perSecond: 0.5 } as const;

/** The ICE candidates of one peer, bounded, through the filter of the testing kit where there is one. */
export class PeerCandidates {
  readonly #participantId: string;
  readonly #filter: () => CandidateFilter | undefined;
  #gathering = '';
  readonly #told = new Map<string, number>();
  readonly #names: TokenBucket;

  constructor(participantId: string, clock: Clock, filter: () => CandidateFilter | undefined) {
    this.#participantId = participantId;
    this.#names = new TokenBucket({ clock, ...NAMES });
    this.#filter = filter;
  }

  /** As it is sent; null if it is not. */
  outgoing(candidate: HostIceCandidate): HostIceCandidate | null {
    const filtered = this.#through(candidate, 'outgoing');
    if (filtered === null || this.#isTooMany(filtered.candidate)) return null;
    const { candidate: line, sdpMid, sdpMLineIndex, usernameFragment } = filtered;
    return {
      candidate: line,
      sdpMid,
      sdpMLineIndex,
      ...(usernameFragment !== undefined && { usernameFragment }),
    };
  }

  /** As it is taken; null if it is not. */
  incoming(candidate: HostIceCandidate): HostIceCandidate | null {
    const filtered = this.#through(candidate, 'incoming');
    return filtered === null || (isNamed(filtered.candidate) && !this.#names.tryTake()) ? null : filtered;
  }

  /** Each gathering has a user name of its own. */
  #isTooMany(line: string): boolean {
    const gathering = / ufrag (\S+)/.exec(line)?.[1] ?? '';
    if (gathering !== this.#gathering) this.#told.clear();
    this.#gathering = gathering;
    const type = / typ (\S+)/.exec(line)?.[1] ?? '';
    const told = (this.#told.get(type) ?? 0) + 1;
    this.#told.set(type, told);
    return told > MOST_OF_A_TYPE;
  }

  #through(candidate: HostIceCandidate, direction: 'incoming' | 'outgoing'): HostIceCandidate | null {
    const filter = this.#filter();
    return filter === undefined ? candidate : filter({ candidate, direction, participantId: this.#participantId });
  }
}

/** Whether its address has to be looked for. */
function isNamed(line: string): boolean {
  const address = line.split(' ')[4];
  return address !== undefined && isIP(address) === 0;
}
