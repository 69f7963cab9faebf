// What benches share: figures, programs of their own, what processes take, the GStreamer peer. No bench.

import { percentile } from './percentile.ts';
import type { Rounds } from './rounds.ts';

/** Which way a metric counts. */
export type Better = 'higher' | 'lower';

/** Takes one figure, with its rounds where it has some, and the same figure of a peer from the same run where there is one. */
export type Report = (
  metric: string,
  value: number | Rounds,
  unit: string,
  peer?: { readonly name: string; readonly value: number },
  better?: Better,
) => void;

export interface BenchOptions {
  /** A fraction of the time, for a look: figures are rougher. */
  readonly quick: boolean;
  /** Says what a reader of the table has to know, a peer that is missing for example. */
  readonly note: (text: string) => void;
}

export interface Bench {
  readonly name: string;
  run(report: Report, options: BenchOptions): Promise<void>;
}

/** One line of `bench/results/*.jsonl`. */
export interface Figure {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  readonly peer: string | null;
  readonly peer_value: number | null;
  /** How far ahead of the peer: above 1 is better than it, in whichever direction the metric counts. */
  readonly ratio: number | null;
  /** What a tenth of its rounds are not above, and nine tenths; not there of what was measured once. */
  readonly p10?: number;
  readonly p90?: number;
}

/** Ratios end here: nothing is infinitely better than something. */
const LARGEST_RATIO = 1_000;

export function figure(bench: string, ...[metric, found, unit, peer, better = 'higher']: Parameters<Report>): Figure {
  const { value, rounds } = typeof found === 'number' ? { value: found, rounds: [] } : found;
  const ratio = peer === undefined ? null : advantage(value, peer.value, unit, better);
  const spread = rounds.length < 2 ? {} : { p10: percentile(rounds, 0.1), p90: percentile(rounds, 0.9) };
  return { bench, metric, value, unit, peer: peer?.name ?? null, peer_value: peer?.value ?? null, ratio, ...spread };
}

/** How far a value is ahead of a peer's: above 1 is better. */
export function advantage(value: number, peer: number, unit: string, better: Better): number {
  const [good, bad] = better === 'higher' ? [value, peer] : [peer, value];
  const ratio = unit === 'dB' ? 10 ** ((good - bad) / 20) : quotient(good, bad);
  return Math.min(Math.max(ratio, 1 / LARGEST_RATIO), LARGEST_RATIO);
}

/** None of something bad on both sides is a draw. */
function quotient(good: number, bad: number): number {
  return good === bad ? 1 : Math.max(good, 0) / Math.max(bad, 0);
}
