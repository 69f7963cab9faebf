/** How a node is, as its colour says: by the share of time in which it waits for those behind it. */
export type NodeMood = 'idle' | 'working' | 'waiting' | 'stuck' | 'failed' | 'over';

export interface NodeCondition {
  readonly state: string;
  /** Share of its time, 0 to 1. */
  readonly waits: number;
  /** Whether frames pass. */
  readonly moves: boolean;
}

/** A tenth of the time is nothing; half of it is much. */
const FINE = 0.1;
const MUCH = 0.5;

export function nodeMood({ state, waits, moves }: NodeCondition): NodeMood {
  if (state === 'failed' || state === 'down') return 'failed';
  if (state === 'ended' || state === 'stopped') return 'over';
  if (waits > MUCH) return 'stuck';
  if (waits > FINE) return 'waiting';
  return moves ? 'working' : 'idle';
}
