import type { PolyphaseFilter } from './polyphase-filter.ts';

/**
 * What runs a polyphase filter. It keeps no samples between calls: the caller stages history and new samples side by
 * side, runs, and takes the result away before the next call, so one engine serves any number of resamplers.
 */
export interface FirEngine {
  /**
   * Makes room for `frames` interleaved input frames and `count` output frames. The input goes to the start of the
   * array returned, which may be longer and is good until the next call.
   */
  stage(filter: PolyphaseFilter, channels: number, frames: number, count: number): Int16Array;
  /**
   * Filters what was staged, with the same arguments, into `count` interleaved output frames at the start of the array
   * returned. The first output lies `phase / filter.up` of a sample after the centre of the first window.
   */
  run(filter: PolyphaseFilter, channels: number, frames: number, phase: number, count: number): Int16Array;
}
