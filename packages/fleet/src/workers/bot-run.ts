import { setTimeout as sleep } from 'node:timers/promises';
import { isSluiceError, toError } from '@sluice/core';
import { fleetError } from '../errors.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { HeldJob, JobRecord } from '../store/job-record.ts';
import type { Bot, BotContext, BotFactory } from './bot.ts';
import { JobLog } from './job-log.ts';
import { KeptValue } from './kept-value.ts';
import { within } from './within.ts';

/** How long a bot has to end, in milliseconds: the next one waits for it where it was asked to yield. */
const STOP_MS = { cancelled: 3000, closed: 3000, fenced: 1000, yielded: 400 } as const;
/** Why a bot ends before it is done. */
export type StopReason = keyof typeof STOP_MS;

/** What a run needs of its worker. */
export interface RunEnvironment {
  readonly worker: string;
  readonly store: FleetStore;
  /** How long a factory may take, in milliseconds. */
  readonly startMs: number;
  /** Asks the worker that still runs the job to stop; resolves when it has, or is not there. */
  readonly askToYield: (worker: string, job: string) => Promise<void>;
}

/** One bot of a job on this worker, from its claim to its end. */
export class BotRun {
  readonly job: string;
  /** Resolves when nothing of it runs any more and what came of it is written. Never rejects. */
  readonly ended: Promise<void>;
  readonly #environment: RunEnvironment;
  readonly #abort = new AbortController();
  readonly #kept: KeptValue;
  readonly #log: JobLog;
  #held: HeldJob;
  #bot: Bot | undefined;
  #stopping: Promise<void> | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(environment: RunEnvironment, claim: HeldJob, factory: BotFactory) {
    const { store, worker } = environment;
    this.job = claim.record.job;
    this.#environment = environment;
    this.#held = claim;
    this.#kept = new KeptValue(store.kept, this.job, claim.revision);
    this.#log = new JobLog(store.connection, this.job, worker);
    this.ended = this.#live(factory);
  }

  /** Whether the record still says that this worker has the job: it is looked at when the server was away. */
  isOf({ worker, from, tries }: JobRecord): boolean {
    const mine = this.#environment.worker;
    return (worker === mine && tries === this.#held.record.tries) || (worker === null && from === mine);
  }

  /** Ends the bot; twice is once. Resolves when it has ended, or did not in time. */
  stop(reason: StopReason): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  /** Gives the job back to the queue; the bot goes on until the next one is ready. */
  async handOver(): Promise<void> {
    const { store, worker } = this.#environment;
    const held = await store.change(this.#held, { state: 'queued', worker: null, from: worker });
    if (held === undefined) return;
    this.#held = held;
    await store.enqueue(held.record);
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#log.write(`${this.#environment.worker} stops it: ${reason}`);
    this.#abort.abort(new Error(`the job ${this.job} was ${reason}`));
    if (this.#bot === undefined) return;
    const stopped = await within(
      this.#bot
        .stop()
        .catch((error: unknown) => this.#log.write(`it did not stop in order: ${toError(error).message}`)),
      STOP_MS[reason],
    );
    if (stopped === undefined) this.#log.write(`it did not stop within ${STOP_MS[reason]} ms`);
    await within(this.#kept.settled(), STOP_MS[reason]);
    this.#kept.end();
  }

  async #live(factory: BotFactory): Promise<void> {
    try {
      const bot = await this.#build(factory);
      const { from } = this.#held.record;
      if (from !== null) await this.#environment.askToYield(from, this.job);
      if (this.#abort.signal.aborted) return await bot.stop();
      this.#bot = bot;
      const running = bot.run();
      const told = this.#settle({ state: 'running', from: null });
      await running;
      await told;
      if (!this.#abort.signal.aborted) await this.#settle({ state: 'ended', worker: null, from: null });
    } catch (error) {
      if (this.#abort.signal.aborted) return;
      const { code, message } = isSluiceError(error) ? error : this.#failed('threw', error);
      this.#log.write(`it failed: ${message}`);
      await this.#settle({ state: 'failed', worker: null, from: null, error: { code, message } });
    } finally {
      await within(this.#kept.settled(), STOP_MS.closed);
      this.#kept.end();
    }
  }

  async #build(factory: BotFactory): Promise<Bot> {
    const { startMs, worker } = this.#environment;
    this.#log.write(`${worker} starts it`);
    const building = Promise.resolve().then(() => factory(this.#context()));
    const built = await within(building, startMs).catch((error: unknown) => {
      throw this.#failed('threw before it ran', error);
    });
    if (built !== undefined) {
      if (typeof built.value?.run === 'function' && typeof built.value.stop === 'function') return built.value;
      throw this.#failed('gave no bot, which has run() and stop()', new Error('not a bot'));
    }
    // What comes after all is ended at once: nobody waits for it.
    building.then((late) => late.stop()).catch(() => {});
    this.#abort.abort(new Error(`the job ${this.job} did not start in time`));
    const error = fleetError('SLUICE_JOB_STUCK', `the factory ${this.#held.record.factory} gave no bot`, {
      expected: `one within ${startMs} ms`,
      fix: 'See in the job’s log how far it came, or raise startMs of the worker',
    });
    await this.#settle({
      state: 'failed',
      worker: null,
      from: null,
      error: { code: error.code, message: error.message },
    });
    throw error;
  }

  #failed(how: string, cause: unknown) {
    return fleetError(
      'SLUICE_JOB_FAILED',
      `the bot of ${this.#held.record.factory} ${how}: ${toError(cause).message}`,
      {
        cause,
      },
    );
  }

  #context(): BotContext {
    const { record, revision } = this.#held;
    return {
      job: record.job,
      input: record.input,
      lease: { job: record.job, revision },
      moves: record.tries - 1,
      signal: this.#abort.signal,
      kept: async <T>() => (await this.#kept.read()) as T | undefined,
      keep: (value) => this.#kept.write(value),
      log: (line) => this.#log.write(line),
    };
  }

  /** Writes what became of it, one change after the other; when NATS is back where it is away. */
  #settle(change: Partial<JobRecord>): Promise<void> {
    this.#settled = this.#settled.then(() => this.#write(change));
    return this.#settled;
  }

  async #write(change: Partial<JobRecord>): Promise<void> {
    const { store } = this.#environment;
    for (;;) {
      try {
        const held = await store.change(this.#held, change);
        if (held !== undefined) this.#held = held;
        if (held !== undefined || !(await this.#isStillToWrite(change))) return;
      } catch {
        if (store.connection.nats.isClosed()) return;
        await sleep(300);
      }
    }
  }

  /** The record was changed meanwhile: by ourselves, where only the answer was lost, or by who has taken the job. */
  async #isStillToWrite({ state }: Partial<JobRecord>): Promise<boolean> {
    const held = await this.#environment.store.read(this.job);
    if (held === undefined || !this.isOf(held.record)) {
      void this.stop('fenced');
      return false;
    }
    this.#held = held;
    return state === 'running' ? held.record.state === 'starting' : true;
  }
}
