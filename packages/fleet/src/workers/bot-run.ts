import { isSluiceError, type SluiceError, toError } from '@sluice/core';
import { accountOf, type BotAccount } from '../accounts/bot-account.ts';
import { allLimits, type BotLimits } from '../accounts/bot-limits.ts';
import type { BotFigures } from '../metrics/fleet-metric-rows.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { type HeldJob, type JobRecord, toldWords } from '../store/job-record.ts';
import type { Bot, BotContext, LimitedFactory } from './bot.ts';
import { BotLease } from './bot-lease.ts';
import { botFailed, botStuck, buildBot } from './build-bot.ts';
import { abortBot, runBot, stopBot } from './guarded-bot.ts';
import { failedWith, JobClaim } from './job-claim.ts';
import { JobLog } from './job-log.ts';
import { KeptValue } from './kept-value.ts';
import { type MoveOptions, movePause } from './move-options.ts';
import { watchAccount } from './watch-account.ts';
import { within } from './within.ts';

/** How long a bot has to end, in milliseconds: the next one waits for it where it was asked to yield. */
const STOP_MS = { cancelled: 3000, closed: 3000, fenced: 1000, limited: 1000, yielded: 400 } as const;
/** After `abort()` so long, in milliseconds: a bot whose `run()` goes on even then has no place any more. */
const ABORT_MS = 1000;
/** Why a bot ends before it is done. */
export type StopReason = keyof typeof STOP_MS;

/** What a run needs of its worker. */
export interface RunEnvironment {
  readonly worker: string;
  readonly store: FleetStore;
  readonly capacity: number;
  /** How long a factory may take, in milliseconds. */
  readonly startMs: number;
  readonly moves: Required<MoveOptions>;
  /** Asks the worker that still runs the job to stop; resolves when it has, or is not there. */
  readonly askToYield: (worker: string, job: string) => Promise<void>;
  /** A bot does not end, whatever it is asked: it is given up, until `run` settles. */
  readonly gaveUp: (run: Promise<void>) => void;
}

/** What builds the bot, and what that may take. */
export type DeclaredFactory = Pick<LimitedFactory, 'build'> & Partial<LimitedFactory>;

/** One bot of a job on this worker, from its claim to its end. */
export class BotRun {
  readonly job: string;
  /** Resolves when nothing of it runs any more, or it was given up, and what came of it is written; what it says then is not heard. Never rejects. */
  readonly ended: Promise<void>;
  readonly #environment: RunEnvironment;
  readonly #abort = new AbortController();
  readonly #kept: KeptValue;
  readonly #log: JobLog;
  readonly #claim: JobClaim;
  readonly #lease: BotLease;
  /** Who speaks until this one is ready. */
  readonly #from: string | null;
  #bot: Bot | undefined;
  /** Settles when its `run()` has; never rejects. */
  #over: Promise<void> | undefined;
  #abandon = () => {};
  readonly #abandoned = new Promise<void>((resolve) => {
    this.#abandon = resolve;
  });
  #stopping: Promise<void> | undefined;
  #exceeded: Promise<unknown> | undefined;

  constructor(environment: RunEnvironment, held: HeldJob, factory: DeclaredFactory) {
    const { store, worker } = environment;
    this.job = held.record.job;
    this.#environment = environment;
    this.#claim = new JobClaim(store, held, worker, () => void this.stop('fenced'));
    this.#from = held.record.from;
    this.#kept = new KeptValue(store.kept, this.job, held.revision);
    this.#log = new JobLog(store.connection, this.job, worker);
    this.#lease = new BotLease(this.job, held.revision, (error) =>
      this.#log.write(`it has no place in a room: ${toError(error).message}`),
    );
    this.ended = this.#live(factory);
  }

  /** Whether the record still says that this worker has the job. */
  isOf(record: JobRecord): boolean {
    return this.#claim.isOf(record);
  }

  get factory(): string {
    return this.#claim.record.factory;
  }

  /** Its bot is built. */
  get isRunning(): boolean {
    return this.#bot !== undefined;
  }

  /** What it takes; undefined while it does not run, and where it does not say so: it ends then. */
  get figures(): BotFigures | undefined {
    if (this.#bot === undefined) return undefined;
    try {
      return { job: this.job, factory: this.factory, ...accountOf(this.#bot) };
    } catch {
      return undefined;
    }
  }

  /** Ends the bot; twice is once. Resolves when it has ended, or did not in time. */
  stop(reason: StopReason): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  /** Writes that the job is still this worker's; ends the bot where it is not. */
  confirm(): Promise<void> {
    return this.#claim.confirm();
  }

  /** Gives the job back to the queue; the bot goes on until the next one is ready. */
  async handOver(): Promise<void> {
    if (await this.#claim.handOver()) await this.stop('closed');
  }

  /** Ends the bot whether the next one is ready or not, and says what becomes of the job. */
  async leave(): Promise<void> {
    await this.stop('closed');
    await this.#claim.leave();
  }

  async #stop(reason: StopReason): Promise<void> {
    this.#log.write(`${this.#environment.worker} stops it: ${reason}`);
    this.#abort.abort(new Error(`the job ${this.job} was ${reason}`));
    if (this.#bot !== undefined) await this.#end(this.#bot, STOP_MS[reason]);
    await this.#endKeeping(STOP_MS[reason]);
  }

  async #end(bot: Bot, mostMs: number): Promise<void> {
    const stopped = stopBot(bot).catch((error: unknown) =>
      this.#log.write(`it did not stop in order: ${toError(error).message}`),
    );
    if (
      (await within(
        stopped.then(() => this.#over),
        mostMs,
      )) !== undefined
    )
      return;
    this.#log.write(`it did not stop within ${mostMs} ms`);
    abortBot(bot);
    void this.#giveUp(this.#over!);
  }

  /** Its place is for others then: what it still takes is in what the worker measures of itself. */
  async #giveUp(over: Promise<void>): Promise<void> {
    if ((await within(over, ABORT_MS)) !== undefined) return;
    this.#log.write(
      `its run() did not end within ${ABORT_MS} ms of abort(): ${this.#environment.worker} has given it up`,
    );
    this.#environment.gaveUp(over);
    this.#abandon();
  }

  /** Before anybody is told that the job is over: whoever dispatches it anew forgets what was kept, and nothing may come behind that. */
  async #endKeeping(mostMs: number = STOP_MS.closed): Promise<void> {
    await within(this.#kept.settled(), mostMs);
    this.#kept.end();
  }

  async #live({ build, limits }: DeclaredFactory): Promise<void> {
    try {
      const bot = await this.#build(build);
      if (bot === undefined) return;
      if (this.#from !== null && this.#stopping === undefined) await this.#environment.askToYield(this.#from, this.job);
      if (this.#stopping === undefined) await this.#takePlaces(bot);
      if (this.#stopping !== undefined) return void (await within(stopBot(bot), STOP_MS.closed));
      await this.#run(bot, limits);
    } catch (error) {
      if (this.#stopping !== undefined) return;
      const failure = isSluiceError(error) ? error : botFailed(`the bot of ${this.factory} threw`, error);
      this.#log.write(`it failed: ${failure.message}`);
      await this.#endKeeping();
      await this.#claim.settle(() => failedWith(failure));
    } finally {
      await this.#exceeded;
      await this.#endKeeping();
      this.#log.end();
    }
  }

  /** Where it joined: whoever of its job is still there goes. A bot that did not get its place ends unheard. */
  async #takePlaces(bot: Bot): Promise<void> {
    const { startMs } = this.#environment;
    try {
      if ((await within(this.#lease.begin(), startMs)) !== undefined) return;
      throw botStuck(`the bot of ${this.#claim.record.factory} got no place in its room`, startMs);
    } catch (error) {
      await within(
        stopBot(bot).catch(() => {}),
        STOP_MS.closed,
      );
      throw error;
    }
  }

  async #run(bot: Bot, declared: BotLimits = {}): Promise<void> {
    const { job, factory } = this;
    const limits = allLimits(declared, this.#environment.capacity);
    const exceeded = (failure: SluiceError, account?: BotAccount) => {
      this.#exceeded = this.#exceed(failure, account);
    };
    // Only what runs can be stopped.
    this.#bot = bot;
    const run = runBot(bot);
    this.#over = run.catch(() => {});
    const settled = Promise.race([run, this.#abandoned]);
    const running = settled.finally(watchAccount({ job, factory, bot, limits, exceeded }));
    // One that was given back while it was built stays in the queue.
    const told = this.#claim.settle(({ state }) =>
      state === 'starting' ? { state: 'running', from: null, moveFailure: null } : undefined,
    );
    await running;
    await told;
    if (this.#stopping !== undefined) return;
    await this.#endKeeping();
    await this.#claim.settle(() => ({ state: 'ended', worker: null, from: null }));
  }

  async #build(factory: LimitedFactory['build']): Promise<Bot | undefined> {
    const { startMs, worker } = this.#environment;
    const name = this.factory;
    this.#log.write(`${worker} starts it`);
    try {
      return await buildBot({ name, factory, context: this.#context, startMs });
    } catch (error) {
      if (this.#stopping === undefined) await this.#notBuilt(error as SluiceError);
      return undefined;
    }
  }

  async #exceed(failure: SluiceError, account?: BotAccount): Promise<void> {
    this.#log.write(`it failed: ${failure.message}`);
    await this.stop('limited');
    const { code, message } = failure;
    await this.#claim.settle(() => failedWith({ code, message, ...(account && { account }) }));
  }

  /** The next bot is tried for again while the one before speaks; that one yields when all tries are used up. */
  async #notBuilt(failure: SluiceError): Promise<void> {
    this.#abort.abort(failure);
    const { store, worker, moves, askToYield } = this.#environment;
    const { code, message } = failure;
    const count = (this.#claim.record.moveFailure?.count ?? 0) + 1;
    const again = this.#from !== null && count < moves.tries;
    if (this.#from !== null && !again) await askToYield(this.#from, this.job);
    await this.#endKeeping();
    const written = await this.#claim.settle((record) => {
      // Given back meanwhile: whoever takes it next tries.
      if (record.worker !== worker) return undefined;
      if (!again || record.from === null) return failedWith(failure);
      return { state: 'queued', worker: null, moveFailure: { code, message: toldWords(message), count } };
    });
    const pauseMs = movePause(moves, count);
    const goesOn = written?.state === 'queued';
    this.#log.write(goesOn ? `try ${count} failed, again in ${pauseMs} ms: ${message}` : `it failed: ${message}`);
    // Where NATS is away at this moment the job is found when workers look through all.
    if (goesOn) await store.enqueue(written, pauseMs).catch(() => {});
  }

  get #context(): BotContext {
    const { record } = this.#claim;
    return {
      job: record.job,
      input: record.input,
      lease: this.#lease.shown,
      moves: record.tries - 1,
      signal: this.#abort.signal,
      kept: async <T>() => (await this.#kept.read()) as T | undefined,
      keep: (value) => this.#kept.write(value),
      log: (line) => this.#log.write(line),
    };
  }
}
