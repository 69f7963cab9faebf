import type { HostIceCandidate } from '../../host/media-host.ts';
import type { CandidateFilter } from '../media-path.ts';

/** The ICE candidates of one peer, through the filter of the testing kit where there is one. */
export class PeerCandidates {
  readonly #participantId: string;
  readonly #filter: () => CandidateFilter | undefined;

  constructor(participantId: string, filter: () => CandidateFilter | undefined) {
    this.#participantId = participantId;
    this.#filter = filter;
  }

  /** As it is sent; null if it is not. */
  outgoing(candidate: HostIceCandidate): HostIceCandidate | null {
    const filtered = this.#through(candidate, 'outgoing');
    if (filtered === null) return null;
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

  #through(candidate: HostIceCandidate, direction: 'incoming' | 'outgoing'): HostIceCandidate | null {
    const filter = this.#filter();
    return filter === undefined ? candidate : filter({ candidate, direction, participantId: this.#participantId });
  }
}
