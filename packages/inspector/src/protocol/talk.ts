import type { TalkEntry } from '@sluice/core/voice';

/**
 * What was said in a graph since it was told last; at first what the graph has kept. Without `media` lines have no words.
 * Times of entries are in milliseconds on the graph's clock.
 */
export interface TalkNews {
  readonly type: 'talk';
  /** As in the topology. */
  readonly graph: number;
  /** The zero of that clock, in milliseconds since 1970. */
  readonly zero: number;
  /** What is new, in the order in which it came. */
  readonly entries: readonly TalkEntry[];
}
