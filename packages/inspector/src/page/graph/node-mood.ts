import type { GraphSample, NodeTopology } from '../../protocol/messages.ts';
import type { Recent } from '../figures/recent.ts';

/** The worst first. */
const moods = ['failed', 'stuck', 'waiting', 'working', 'idle', 'over'] as const;

/**
 * How a node is, as its colour says: of what is live by the share of time in which it waits for those behind it. A file that
 * a loudspeaker holds back suffers nothing.
 */
export type NodeMood = (typeof moods)[number];

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

/** How a node is by what was told of it. */
export function moodOf(
  { live }: NodeTopology,
  index: number,
  graph: number,
  sample: GraphSample | undefined,
  recent: Recent,
): NodeMood {
  return nodeMood({
    state: sample?.states[index] ?? 'idle',
    live,
    waits: recent.blockedShare(graph, index),
    moves: recent.nodeRate(graph, 'framesIn', index) + recent.nodeRate(graph, 'framesOut', index) > 0,
  });
}

/** How several are together. */
export function worstMood(all: readonly NodeMood[]): NodeMood {
  return moods.find((mood) => all.includes(mood)) ?? 'idle';
}
