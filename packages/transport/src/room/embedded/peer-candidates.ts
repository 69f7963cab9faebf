import type { HostIceCandidate } from '../../host/media-host.ts';
import type { CandidateFilter } from '../media-path.ts';

/**
 * What a machine with many interfaces and servers says of each type in one gathering. Every one of them is a message,
 * which a room server counts, and one more way to be checked.
 */
const MOST_OF_A_TYPE = 32;

/** The ICE candidates of one peer, bounded, through the filter of the testing kit where there is one. */
export class PeerCandidates {
  readonly #participantId: string;
  readonly #filter: () => CandidateFilter | undefined;
  #gathering = '';
  readonly #told = new Map<string, number>();

  constructor(participantId: string, filter: () => CandidateFilter | undefined) {
    this.#participantId = participantId;
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
    return this.#through(candidate, 'incoming');
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
