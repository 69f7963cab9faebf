import { seededRandom } from '@sluice/core/testing';

export const soakFaults = [
  'node throws',
  'node restarts',
  'source starves',
  'format changes',
  'interrupt',
  'sink stalls',
  'branch comes',
  'rate drifts',
] as const;
export type SoakFaultKind = (typeof soakFaults)[number];

/** Something that goes wrong, in milliseconds since the start. */
export interface SoakFault {
  readonly kind: SoakFaultKind;
  readonly atMs: number;
  /** How long it lasts, where it lasts. */
  readonly ms: number;
  /** From 0 to 1, for what else is left to chance. */
  readonly choice: number;
}

export const MINUTE_MS = 60_000;
/** The end of each minute in which nothing new goes wrong, so that at its end everything is as it was. */
export const QUIET_MS = 12_000;
/** Between two faults, on average. */
const MEAN_MS = 10_000;

/**
 * The faults of a seed: a Poisson process, one in ten seconds, of all kinds alike. Endless: a plan of 25 hours is not kept
 * in memory. None begins in the last twelve seconds of a minute.
 */
export function* soakPlan(seed: number): Generator<SoakFault, never> {
  const random = seededRandom(seed);
  for (let atMs = 0; ; ) {
    atMs += -Math.log(1 - random()) * MEAN_MS;
    const kind = soakFaults[Math.floor(random() * soakFaults.length)]!;
    // Short ones are as frequent as long ones.
    const ms = 50 * 100 ** random();
    const choice = random();
    const whole = Math.round(atMs);
    if (whole % MINUTE_MS < MINUTE_MS - QUIET_MS) yield { kind, atMs: whole, ms: Math.round(ms), choice };
  }
}
