import { invalidArgument } from '@sluice/core';

/** The longest that a timer of Node waits, in milliseconds: a longer one rings at once. */
const MOST_MS = 2 ** 31 - 1;

/** Refuses what no timer can wait for. @throws TypeError */
export function checkMs(option: string, value: unknown, least = 1, most = MOST_MS): asserts value is number {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw invalidArgument(option, `a number of milliseconds from ${least} to ${most}`, value);
}
