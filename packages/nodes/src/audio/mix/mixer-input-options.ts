import type { KeysOf, Micros } from '@sluice/core';
import type { DuckOptions } from './mixer-ducker.ts';

/** Level, bound and share of one input of a mix. */
export interface MixerInputOptions {
  /** Decibels, up to +60. Default 0. */
  readonly gainDb?: number;
  /**
   * Media that may wait, silence for gaps apart. A source that can be held back is; of another the oldest is dropped.
   * Default 200 ms; with `timing: 'inputs'` 10,000 ms, of which more than 200 are taken only while the next block waits for
   * an input: the two may come from one source, one of them through what keeps or drops media.
   */
  readonly capacityMs?: number;
  /**
   * What happens to media that came too late: `shift` plays it late, losing nothing; `trim` drops as much as there was
   * silence in its place, so that a live input does not fall behind. Default `shift`.
   */
  readonly late?: 'shift' | 'trim';
  /** The mix's media time at which this input begins, to the sample; in the past or absent: at once. */
  readonly startAt?: Micros;
  /** Makes this input quieter while others sound. */
  readonly duck?: DuckOptions;
}

/** The keys of `MixerInputOptions`, for those that extend them. */
export const mixerInputKeys = {
  gainDb: true,
  capacityMs: true,
  late: true,
  startAt: true,
  duck: true,
} as const satisfies KeysOf<MixerInputOptions>;

/** What an input has gone through, in milliseconds of media. */
export interface MixerInputStatistics {
  /** What came, mixed or not. */
  readonly receivedMs: number;
  /** What waits to be mixed now. */
  readonly queuedMs: number;
  /** Silence that stood in for media that was late. */
  readonly lateMs: number;
  /** Dropped: overflow, `trim`, interruption. */
  readonly droppedMs: number;
}
