import type { Micros } from '../time/units.ts';

/** Why media may be missing, as `frame.gap.reason` says it; {@link GapReason} has what each means. */
export const gapReasons = ['overflow', 'starved', 'crash', 'interrupted', 'source', 'disconnected'] as const;
/** Why media is missing: a full link, a late source, a failed node, an interruption, the source itself, a lost call. */
export type GapReason = (typeof gapReasons)[number];

/** Media missing from a stream. It rides on the next frame that is delivered (`frame.gap`), so it keeps its place. */
export interface Gap {
  /** How much is missing, in microseconds of media time. */
  readonly duration: Micros;
  /** Why it is missing. */
  readonly reason: GapReason;
}

/** Two adjacent gaps as one. The reason of the longer wins. */
export function joinGaps(first: Gap | undefined, second: Gap | undefined): Gap | undefined {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const reason = first.duration >= second.duration ? first.reason : second.reason;
  return { duration: (first.duration + second.duration) as Micros, reason };
}
