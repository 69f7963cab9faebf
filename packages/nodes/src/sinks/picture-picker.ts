import type { Micros } from '@sluice/core';

/** Whether a picture is one of those that are wanted; asked once for each, in order. */
export type PicturePicker = (picture: { readonly timestamp: Micros }) => boolean;

/** The first picture, and each n-th from there. */
export function everyNth(n: number): PicturePicker {
  let index = 0;
  return () => index++ % n === 0;
}

/**
 * The first picture, and from its time on the first in or after each step of so many microseconds. Time that goes back
 * by more than a step begins anew.
 */
export function everyStep(step: number): PicturePicker {
  let start: number | undefined;
  let due = 0;
  return ({ timestamp }) => {
    if (start === undefined || timestamp < due - 2 * step) {
      start = timestamp;
      due = timestamp;
    }
    if (timestamp < due) return false;
    due = start + (Math.floor((timestamp - start) / step) + 1) * step;
    return true;
  };
}
