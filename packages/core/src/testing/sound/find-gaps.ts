import { checkKeys, type KeysOf } from '../../check-keys.ts';
import { outOfRange } from '../../errors.ts';
import { checkSampleRate } from '../../media/audio-format.ts';
import { fromDbfs } from './levels.ts';

/** What {@link findGaps} takes for silence. */
export interface FindGapsOptions {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples at or below this level are silence, in dBFS. Default -50. */
  readonly thresholdDbfs?: number;
  /** The shortest run that counts, in milliseconds; longer than half a period of the lowest tone. Default 5. */
  readonly minMs?: number;
  /** Leaves out silence at the very start and end. Default false. */
  readonly ignoreEdges?: boolean;
}

/** The keys of `FindGapsOptions`, for those that extend them. */
export const findGapsKeys = {
  sampleRate: true,
  thresholdDbfs: true,
  minMs: true,
  ignoreEdges: true,
} as const satisfies KeysOf<FindGapsOptions>;

/** A stretch of silence in a sound. */
export interface AudioGap {
  /** Index of the first silent sample. */
  readonly position: number;
  /** Length in samples. */
  readonly length: number;
  /** Where it begins, in milliseconds from the first sample. */
  readonly startMs: number;
  /** Its length in milliseconds. */
  readonly durationMs: number;
}

/** The stretches of silence in a sound, longest and in all. */
export interface GapReport {
  /** In their order; empty for a sound without one. */
  readonly gaps: readonly AudioGap[];
  /** Milliseconds; 0 without a gap. */
  readonly longestMs: number;
  /** Milliseconds. */
  readonly totalMs: number;
}

/** Finds runs of silence in one channel: all samples at or below `thresholdDbfs` for `minMs`. Throws RangeError for a level above 0 dBFS. */
export function findGaps(samples: Int16Array, options: FindGapsOptions): GapReport {
  checkKeys<FindGapsOptions>('findGaps', options, findGapsKeys);
  const { sampleRate, thresholdDbfs = -50, minMs = 5, ignoreEdges = false } = options;
  checkSampleRate(sampleRate);
  if (!(thresholdDbfs <= 0)) throw outOfRange('thresholdDbfs', 'at most 0 dBFS', thresholdDbfs);
  if (!(minMs >= 0)) throw outOfRange('minMs', 'at least 0 ms', minMs);
  const threshold = fromDbfs(thresholdDbfs);
  const gaps: AudioGap[] = [];
  const toMs = (count: number) => (count * 1000) / sampleRate;
  let start = 0;
  for (let index = 0; index <= samples.length; index++) {
    if (index < samples.length && Math.abs(samples[index]!) <= threshold) continue;
    const length = index - start;
    const edge = start === 0 || index === samples.length;
    if (length > 0 && toMs(length) >= minMs && !(edge && ignoreEdges))
      gaps.push({ position: start, length, startMs: toMs(start), durationMs: toMs(length) });
    start = index + 1;
  }
  return {
    gaps,
    longestMs: gaps.reduce((longest, gap) => Math.max(longest, gap.durationMs), 0),
    totalMs: gaps.reduce((total, gap) => total + gap.durationMs, 0),
  };
}
