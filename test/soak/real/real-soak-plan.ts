import { seededRandom } from '@sluice/core/testing';

export const realFaults = ['swap', 'mute', 'media cut', 'signalling cut', 'engine dies'] as const;
export type RealFaultKind = (typeof realFaults)[number];

/** Something that happens to a room or an engine, in milliseconds since the start. */
export interface RealFault {
  readonly kind: RealFaultKind;
  readonly atMs: number;
  readonly ms: number;
  /** Of whom it happens to; each from 0 to 1. */
  readonly who: number;
  readonly other: number;
}

/** How often each kind comes, against the others. */
const weights: Readonly<Record<RealFaultKind, number>> = {
  swap: 4,
  mute: 4,
  'media cut': 3,
  'signalling cut': 3,
  'engine dies': 1,
};
/** Between two faults, on average. */
const MEAN_MS = 6_000;

/** What happens between two moments, in order: that of a seed is always the same. */
export function realSoakPlan(seed: number, fromMs: number, toMs: number): RealFault[] {
  const random = seededRandom(seed);
  const kinds = realFaults.flatMap((kind) => Array<RealFaultKind>(weights[kind]).fill(kind));
  const faults: RealFault[] = [];
  for (let atMs = fromMs; ; ) {
    atMs += Math.round(-Math.log(1 - random()) * MEAN_MS);
    const kind = kinds[Math.floor(random() * kinds.length)]!;
    const ms = Math.round(200 * 25 ** random());
    const [who, other] = [random(), random()];
    if (atMs >= toMs) return faults;
    faults.push({ kind, atMs, ms, who, other });
  }
}
