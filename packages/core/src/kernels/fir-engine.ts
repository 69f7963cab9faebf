import type { PolyphaseFilter } from './polyphase-filter.ts';

/**
 * What runs a polyphase filter. It keeps nothing between calls: the caller puts history and new samples side by side
 * into `stage`, runs, and takes the result away before the next call, so one engine serves any number of resamplers.
 */
export interface FirEngine {
  /** Room for `inputs` interleaved input samples and `outputs` output samples. The view is good until the next call. */
  stage(inputs: number, outputs: number): Int16Array;
  /**
   * Filters `frames` staged sample frames into `count` output frames, interleaved like the input. The first output lies
   * `phase / filter.up` of a sample after the centre of the first window. The view is good until the next call.
   */
  run(filter: PolyphaseFilter, channels: number, frames: number, phase: number, count: number): Int16Array;
}
