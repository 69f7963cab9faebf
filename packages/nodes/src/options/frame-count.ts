import { invalidArgument, type KeysOf, outOfRange } from '@sluice/core';
import type { ExactFrameRate } from './exact-frame-rate.ts';
import { checkSeconds } from './media-seconds.ts';

/** How long a source goes on that would not end by itself. */
export interface FrameCountOptions {
  /** Seconds, to the next whole frame. Default: no end. */
  readonly duration?: number | undefined;
  /** How many frames, instead of `duration`. Default: no end. */
  readonly frames?: number | undefined;
}

/** The keys of `FrameCountOptions`, for those that extend them. */
export const frameCountKeys = { duration: true, frames: true } as const satisfies KeysOf<FrameCountOptions>;

/** Throws at once, naming the option. */
export function checkFrameCount({ duration, frames }: FrameCountOptions): void {
  checkSeconds('duration', duration);
  if (frames === undefined) return;
  if (duration !== undefined) throw invalidArgument('frames', 'duration or frames, not both', frames);
  if (!Number.isInteger(frames)) throw invalidArgument('frames', 'a whole number of frames', frames);
  if (frames < 0) throw outOfRange('frames', '0 or more', frames);
}

/** The frames of a rate that the options ask for; infinite without any. Checks them. */
export function countFrames(options: FrameCountOptions, rate: ExactFrameRate): number {
  checkFrameCount(options);
  const { duration, frames } = options;
  if (frames !== undefined) return frames;
  return duration === undefined ? Number.POSITIVE_INFINITY : framesOfSeconds(duration, rate);
}

/** A duration of exactly some frames is that many, whatever the division leaves. */
export function framesOfSeconds(seconds: number, { numerator, denominator }: ExactFrameRate): number {
  return Math.ceil((seconds * numerator) / denominator - 1e-6);
}
