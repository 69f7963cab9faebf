import { invalidArgument, outOfRange } from '@sluice/core';

/** A point or length in media time given in seconds. */
export function checkSeconds(name: string, value: number | undefined): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalidArgument(name, 'a number of seconds', value);
  if (value < 0) throw outOfRange(name, '0 s or more', value);
}
