import { checkKeys, invalidArgument } from '@sluice/core';
import type { ScenarioMetrics } from './metrics.ts';
import type { Quantiles } from './quantiles.ts';

/** The most that is allowed: a number for the largest, or by quantile. Milliseconds. */
export type DurationBudget =
  | number
  | {
      /** Half of them may take longer. */
      readonly p50?: number;
      /** One in twenty may take longer. */
      readonly p95?: number;
      /** None may take longer. */
      readonly max?: number;
    };

/** What a run may cost at most. It fails beyond. In virtual mode latencies are those of scripts, never the machine's. */
export interface Budgets {
  /** From the end of what a person says to the first sample of the reply at their ear. */
  readonly voiceToVoiceMs?: DurationBudget;
  /** From the first sample of a person who barges in to the last of the agent at their ear. */
  readonly timeToSilenceMs?: DurationBudget;
  /** Holes and clicks in the agent's voice, counted. */
  readonly glitches?: number;
  /** What people's receivers made up for sound of the agent, in milliseconds of the whole run. */
  readonly concealedMs?: number;
  /** Packets from the agent to people that the network lost. */
  readonly lostPackets?: number;
  /** Share of the words of people that the agent misunderstood, missed or made up: 0.05 is one in twenty. */
  readonly wordErrorRate?: number;
  /** Words that the log says were heard, where the ear has silence. */
  readonly silentWords?: number;
  /** Sound at the ear that the log does not account for, in milliseconds. */
  readonly unloggedMs?: number;
  /** Problems that the agent told of. */
  readonly problems?: number;
  /** By owner: `{ model: { p95: 400 }, network: 100 }`. */
  readonly latencyByPart?: Readonly<Record<string, DurationBudget>>;
}

const keys = {
  voiceToVoiceMs: true,
  timeToSilenceMs: true,
  glitches: true,
  concealedMs: true,
  lostPackets: true,
  wordErrorRate: true,
  silentWords: true,
  unloggedMs: true,
  problems: true,
  latencyByPart: true,
} as const;

/** @throws TypeError for a budget that does not exist or is not a number */
export function checkBudgets(budgets: Budgets): void {
  checkKeys<Budgets>('budgets', budgets, keys);
  const { latencyByPart = {}, ...others } = budgets;
  for (const [name, budget] of [...Object.entries(others), ...Object.entries(latencyByPart)]) checkBudget(name, budget);
}

/** A sentence for each figure that is over its budget. */
export function budgetFaults(budgets: Budgets, metrics: ScenarioMetrics): string[] {
  const faults: string[] = [];
  const { latencyByPart = {}, voiceToVoiceMs, timeToSilenceMs, ...counts } = budgets;
  const durations = [
    ['voiceToVoiceMs', voiceToVoiceMs, metrics.voiceToVoiceMs],
    ['timeToSilenceMs', timeToSilenceMs, metrics.timeToSilenceMs],
    ...Object.entries(latencyByPart).map(
      ([owner, budget]) => [`latencyByPart.${owner}`, budget, metrics.latencyByPart[owner]] as const,
    ),
  ] as const;
  for (const [name, budget, is] of durations)
    if (budget !== undefined) faults.push(...durationFaults(name, budget, is));
  for (const [name, most] of Object.entries(counts)) {
    const is = metrics[name as keyof typeof counts];
    if (is > most) faults.push(`${name} is ${Math.round(is * 1_000) / 1_000}, at most ${most} is allowed`);
  }
  return faults;
}

function durationFaults(name: string, budget: DurationBudget, is: Quantiles | undefined): string[] {
  if (is === undefined || is.count === 0) return [`${name} was never measured`];
  const most = typeof budget === 'number' ? { max: budget } : budget;
  return Object.entries(most)
    .filter(([quantile, ms]) => is[quantile as 'p50' | 'p95' | 'max']! > ms)
    .map(([quantile, ms]) => `${name} has a ${quantile} of ${is[quantile as 'max']} ms, at most ${ms} ms is allowed`);
}

function checkBudget(name: string, budget: unknown): void {
  if (typeof budget === 'object' && budget !== null) {
    checkKeys<{ p50?: number; p95?: number; max?: number }>(name, budget, { p50: true, p95: true, max: true });
    for (const value of Object.values(budget)) checkBudget(name, value);
  } else if (typeof budget !== 'number' || !(budget >= 0))
    throw invalidArgument(`budgets.${name}`, 'a number of 0 or more', budget);
}
