import type { Micros } from '@sluice/core';
import { type ExactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';

/** Which page is shown when, in microseconds of media time. */
export interface Showing {
  readonly page: number;
  readonly timestamp: Micros;
  readonly duration: Micros;
}

/** Gives one showing after the other; undefined at the end. */
export type ImageTiming = () => Showing | undefined;

/** A page that is to be shown no longer than this, in milliseconds, */
const SHORTEST_MS = 10;
/** is shown this long instead. */
const INSTEAD_MS = 100;

/**
 * How long pages are shown, in microseconds. Delays up to 10 ms are 100 ms, as in browsers: files that say 0 mean "at a
 * usual speed" (Firefox `image/FrameTimeout.h`, Chromium `DeferredImageDecoder::FrameDurationAtIndex`).
 */
export function pageDurations(delays: readonly number[]): number[] {
  return delays.map((delay) => (delay > SHORTEST_MS ? delay : INSTEAD_MS) * 1_000);
}

/** Each page once in a round, for as long as it lasts; the last one is cut off at `end`. */
export function ownTiming(
  durations: readonly number[],
  limits: { readonly plays: number; readonly frames: number; readonly end: number },
): ImageTiming {
  const most = Math.min(durations.length * limits.plays, limits.frames);
  let index = 0;
  let timestamp = 0;
  return () => {
    if (index >= most || timestamp >= limits.end) return undefined;
    const page = index++ % durations.length;
    const duration = Math.min(durations[page]!, limits.end - timestamp);
    const showing = { page, timestamp: timestamp as Micros, duration: duration as Micros };
    timestamp += duration;
    return showing;
  };
}

/** Frames of a constant rate, each of the page whose time it is. A still image is a page that never ends. */
export function steadyTiming(
  durations: readonly number[],
  rate: ExactFrameRate,
  limits: { readonly plays: number; readonly frames: number },
): ImageTiming {
  let index = 0;
  let page = 0;
  let plays = limits.plays;
  let pageEnd = durations[0]!;
  return () => {
    const timestamp = frameTime(index, rate);
    while (pageEnd <= timestamp) {
      page = (page + 1) % durations.length;
      if (page === 0) plays--;
      pageEnd += durations[page]!;
    }
    if (index >= limits.frames || plays <= 0) return undefined;
    index++;
    return { page, timestamp, duration: (frameTime(index, rate) - timestamp) as Micros };
  };
}
