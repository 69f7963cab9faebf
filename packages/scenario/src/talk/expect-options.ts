import { checkKeys, outOfRange } from '@sluice/core';

/** How long a scenario waits for something. */
export interface ExpectOptions {
  /** Scenario time that it may take, in milliseconds. Default 15,000. */
  readonly withinMs?: number;
}

const WITHIN_MS = 15_000;

/** How long it may take, checked. */
export function within(call: string, options: ExpectOptions): number {
  checkKeys<ExpectOptions>(call, options, { withinMs: true });
  const { withinMs = WITHIN_MS } = options;
  if (!(withinMs >= 0)) throw outOfRange('withinMs', 'at least 0 ms', withinMs);
  return withinMs;
}
