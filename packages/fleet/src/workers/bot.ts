// One process that runs bots: what they are, how one begins and ends, and how workers place jobs and watch each other.

import type { Accountable } from '../accounts/bot-account.ts';
import type { BotLimits } from '../accounts/bot-limits.ts';
import type { BotCost } from '../placing/load-forecast.ts';

/** What runs for a job: a graph of `@sluice/core` is one. */
export interface Bot extends Accountable {
  /** Runs until the job is done; an error of it is the job's. Nothing may be heard of the bot before. */
  run(): Promise<void>;
  /** Ends it in order; `run()` settles then. Half a second for both where another worker waits to go on. */
  stop(): Promise<void>;
  /** Ends it at once: called when `stop()` and `run()` take too long. A bot that goes on for a second after it is given up: its place is for others. */
  abort?(): void;
}

/** What the one who builds a bot knows, and what the bot may ask for while it runs. */
export interface BotContext<Input = unknown> {
  /** The job's name. */
  readonly job: string;
  /** What it was dispatched with. */
  readonly input: Input;
  /**
   * For the room, as `join(url, { lease })` takes it: who brings the higher number is the one who has the job. Numbers grow with
   * each worker that takes it. A bot that joins in its factory stands by there, and the one before speaks on, until `run()`.
   */
  readonly lease: {
    readonly job: string;
    readonly revision: number;
    /** Is called right before `run()`, which waits for it. */
    readonly onBegin: (take: () => Promise<void>) => void;
  };
  /** How many workers had it before. */
  readonly moves: number;
  /** Aborted when the bot is to end: cancelled, taken by another worker, not built after all, or its worker closes. */
  readonly signal: AbortSignal;
  /**
   * What the last bot of this job kept. Ask again when `run()` begins: the one before speaks until then.
   */
  kept<T>(): Promise<T | undefined>;
  /**
   * Keeps a value for whoever goes on with this job: what was said so far, for example. The last one counts; it is written
   * behind, and when NATS is back where it is away.
   *
   * @param value As JSON, of 256 KiB at most.
   * @throws SluiceError `SLUICE_JOB_QUOTA` for a larger one
   */
  keep(value: unknown): void;
  /** A line of the job's log: 500 are kept, a day long. More than 100 in a second are counted and left out. */
  log(line: string): void;
}

/**
 * Builds the bot of a job: joins its room, loads its models. What it throws fails the job, or this try of it; the room that it has
 * joined it leaves itself then, by `signal` for example.
 */
export type BotFactory<Input = unknown> = (context: BotContext<Input>) => Bot | Promise<Bot>;

/** A factory with what each of its bots is expected to take of its worker, or may. */
export interface LimitedFactory<Input = unknown> {
  /** Builds each bot, as a factory without limits would. */
  readonly build: BotFactory<Input>;
  /** A bot that takes more ends, and its job fails with `SLUICE_FLEET_LIMIT`; its neighbours go on. Default: it may take all. */
  readonly limits?: BotLimits;
  /**
   * What a bot takes, by which jobs are taken until it is measured. Default as much as those that run here take on average; before there
   * are any, an equal share of the worker's limits for each of its places.
   */
  readonly cost?: BotCost;
}
