/**
 * How a node is, as its colour says: of what is live by the share of time in which it waits for those behind it. A file that
 * a loudspeaker holds back suffers nothing.
 */
export type NodeMood = 'idle' | 'working' | 'waiting' | 'stuck' | 'failed' | 'over';

export interface NodeCondition {
  readonly state: string;
  /** Whether what it gives cannot wait. */
  readonly live: boolean;
  /** Share of its time, 0 to 1. */
  readonly waits: number;
  /** Whether frames pass. */
  readonly moves: boolean;
}

/** A tenth of the time is nothing; half of it is much. */
const FINE = 0.1;
const MUCH = 0.5;

export function nodeMood({ state, live, waits, moves }: NodeCondition): NodeMood {
  if (state === 'failed' || state === 'down') return 'failed';
  if (state === 'ended' || state === 'stopped') return 'over';
  if (live && waits > MUCH) return 'stuck';
  if (live && waits > FINE) return 'waiting';
  return moves ? 'working' : 'idle';
}
