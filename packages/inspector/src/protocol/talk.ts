import type { TalkEntry } from '@sluice/core/voice';

/**
 * What was said in a graph since it was told last; at first what the graph has kept. Without `media` lines have no words.
 * Times of entries are in milliseconds on the graph's clock.
 */
export interface TalkNews {
  readonly type: 'talk';
  readonly graph: number;
  /** The zero of that clock, in milliseconds since 1970. */
  readonly zero: number;
  readonly entries: readonly TalkEntry[];
}
