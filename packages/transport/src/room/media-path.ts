import type { HostIceCandidate } from '../host/media-host.ts';

/** One candidate on its way to or from a remote participant. */
export interface CandidateOnPath {
  readonly candidate: HostIceCandidate;
  /** `outgoing`: ours, on its way to the participant. `incoming`: the participant's, before the engine gets it. */
  readonly direction: 'outgoing' | 'incoming';
  readonly participantId: string;
}

/** Returns the candidate to use instead (the same one, or one with another address), or null to drop it. */
export type CandidateFilter = (path: CandidateOnPath) => HostIceCandidate | null;

const filters = new WeakMap<object, CandidateFilter>();

/**
 * Puts a filter between a `CallClient` and the candidates of its calls, for the testing kit: a UDP relay enters the
 * path by writing its own address into the candidates. Install it before `join`. Session descriptions carry no
 * candidates, so each one passes here. Not part of the public index.
 */
export function installCandidateFilter(client: object, filter: CandidateFilter): () => void {
  filters.set(client, filter);
  return () => filters.delete(client);
}

/** The filter of a client, looked up for each candidate. */
export function candidateFilterOf(client: object): CandidateFilter | undefined {
  return filters.get(client);
}
