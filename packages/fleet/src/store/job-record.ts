// What a fleet keeps in NATS: jobs, what their bots keep, the queue, logs, leases. Nothing runs here.

import type { BotAccount } from '../accounts/bot-account.ts';

/** `starting`: a worker builds it; `running`: it is in its room. The last three are for good. */
export const jobStates = ['queued', 'starting', 'running', 'ended', 'failed', 'cancelled'] as const;
/** Where a job stands. */
export type JobState = (typeof jobStates)[number];

/** What is known of a job, as it is kept. */
export interface JobRecord {
  /** Its name: there is one bot of a name at a time. */
  readonly job: string;
  /** Under which name workers offer what builds it. */
  readonly factory: string;
  /** What it was dispatched with, as JSON. */
  readonly input: unknown;
  /** How far it has come. Only some changes are allowed; whoever comes too late with one is refused. */
  readonly state: JobState;
  /** Who runs it, or null. */
  readonly worker: string | null;
  /** Who still runs it until the next one is ready: of a worker that drains. */
  readonly from: string | null;
  /** How many workers have begun it. */
  readonly tries: number;
  /** How many workers died with it, one after the other, each within a minute. */
  readonly losses: number;
  /** When its state changed, in milliseconds since 1970 by the clock of who changed it. */
  readonly at: number;
  /** How long it may be queued, in milliseconds. */
  readonly waitMs: number;
  /** Why the next bot could not be made the last time, and how often, while the one before speaks; null where it could. */
  readonly moveFailure: { readonly code: string; readonly message: string; readonly count: number } | null;
  /** Why it failed, and what its bot took where that was too much. */
  readonly error: { readonly code: string; readonly message: string; readonly account?: BotAccount } | null;
}

/** A record, and the number of its writing: who changes it has to have read the last one. */
export interface HeldJob {
  readonly record: JobRecord;
  readonly revision: number;
}

/** A record as it was read. */
export interface ReadJob extends HeldJob {
  /** When it was written, in milliseconds since 1970 by the clock of the server. */
  readonly writtenAt: number;
}

/** What stands in the queue. */
export interface QueuedJob {
  readonly job: string;
  /** How long to leave it there first, in milliseconds. */
  readonly pauseMs: number;
}

const MOST_LETTERS = 2_000;

/** Words as they are kept of what failed a job, or in its log: longer ones NATS would not take, and nobody would hear of it. */
export function toldWords(words: string): string {
  return words.slice(0, MOST_LETTERS);
}

/** Whether nobody will do anything about it any more. */
export function isSettled(state: JobState): boolean {
  return state === 'ended' || state === 'failed' || state === 'cancelled';
}
