import { setTimeout as sleep } from 'node:timers/promises';
import type { BotFigures } from '../metrics/fleet-metric-rows.ts';
import { LoadForecast } from '../placing/load-forecast.ts';
import { LoadMeter } from '../placing/load-meter.ts';
import {
  type LoadFigures,
  type LoadLimits,
  leastOf,
  refusalOf,
  sumOf,
  type WorkerLoad,
} from '../placing/worker-load.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import type { HeldJob } from '../store/job-record.ts';
import { BotRun, type RunEnvironment, type StopReason } from './bot-run.ts';
import { checkMoves } from './move-options.ts';
import type { Admission } from './scheduler.ts';
import { within } from './within.ts';
import type { WorkerOptions } from './worker-options.ts';

/** How long what is being claimed is waited for before jobs are given back, in milliseconds, and then until they are: longer only where NATS is away. */
const CLAIM_MS = 1000;
const GIVE_BACK_MS = 2000;
const LIMITS: LoadLimits = { lagMs: 100, cpu: 0.85, memoryMb: 2048 };

/** The bots of one worker, and whether there is room for one more. */
export class Bots {
  readonly #store: FleetStore;
  readonly #options: WorkerOptions;
  readonly #environment: RunEnvironment;
  readonly #runs = new Map<string, BotRun>();
  readonly #meter = new LoadMeter();
  readonly #forecast = new LoadForecast(this.#meter.read());
  /** Places that are promised to jobs whose claim is being written, with the factories of these. */
  readonly #reserved = new Map<string, string>();
  /** What is under way of them. */
  readonly #claims = new Set<Promise<Admission['status']>>();
  /** Jobs whose claim was written or not: the server went before it said so. By which try it was. */
  readonly #unsure = new Map<string, { readonly tries: number; readonly factory: string }>();
  /** Bots that were given up, and whose `run()` has not ended. */
  #stuck = 0;
  /** What is claimed from now on is given back. */
  #isLeaving = false;

  constructor(
    store: FleetStore,
    worker: string,
    options: WorkerOptions,
    { askToYield }: Pick<RunEnvironment, 'askToYield'>,
  ) {
    this.#store = store;
    this.#options = options;
    const { capacity = 10, startMs = 15_000, moves = {} } = options;
    const gaveUp = (run: Promise<void>) => {
      this.#stuck++;
      void run.then(() => this.#stuck--);
    };
    this.#environment = { worker, store, capacity, startMs, moves: checkMoves(moves), askToYield, gaveUp };
  }

  get jobs(): readonly string[] {
    return [...this.#runs.keys()];
  }

  get factories(): readonly string[] {
    return Object.keys(this.#options.factories);
  }

  /** As the others are told: with room for one more of those that take least. */
  get load(): WorkerLoad {
    return this.#loadWith(leastOf(this.factories.map((factory) => this.#costOf(factory))));
  }

  /** What each bot that runs takes. */
  get accounts(): readonly BotFigures[] {
    return [...this.#runs.values()].map((run) => run.figures).filter((figures) => figures !== undefined);
  }

  /** What the bot of a job takes; undefined where it does not run here. */
  accountOf(job: string): BotFigures | undefined {
    return this.#runs.get(job)?.figures;
  }

  measure(): void {
    const running = [...this.#runs.values()].filter(({ isRunning }) => isRunning).map(({ job }) => job);
    this.#forecast.take(this.#meter.read(), { begun: new Set(this.#runs.keys()), running: new Set(running) });
  }

  /**
   * Takes a job where there is room. The place is taken before the first wait, with what its bot is expected to take, so that of many
   * jobs that come at once no more are taken than fit.
   */
  async admit(job: string, factory: string): Promise<Admission['status']> {
    if (this.#options.factories[factory] === undefined) return 'refused';
    if (this.#runs.has(job) || this.#unsure.has(job) || this.#reserved.has(job)) return 'refused';
    if (refusalOf(this.#loadWith(this.#costOf(factory))) !== undefined) return 'refused';
    this.#reserved.set(job, factory);
    const claiming = this.#take(job, factory);
    this.#claims.add(claiming);
    try {
      return await claiming;
    } finally {
      this.#reserved.delete(job);
      this.#claims.delete(claiming);
    }
  }

  /** Begins what was claimed by a writing whose answer was lost: to all others it is this worker's, and nobody would. */
  async finishClaims(): Promise<void> {
    for (const [job, { tries }] of this.#unsure) {
      const held = await this.#store.read(job);
      this.#unsure.delete(job);
      const { state, worker } = held?.record ?? {};
      if (state === 'starting' && worker === this.#environment.worker && held!.record.tries === tries)
        await this.#beginOrGiveBack(held!);
    }
  }

  /** Ends the bot of a job that is not this worker's any more, as its record says: who asks for it is not believed alone. */
  async stopLost(job: string, reason: StopReason): Promise<void> {
    const run = this.#runs.get(job);
    if (run !== undefined && (await this.#isLost(run))) await run.stop(reason);
  }

  /** Ends those whose jobs others have. */
  async lookThrough(): Promise<void> {
    for (const run of this.#runs.values()) if (await this.#isLost(run)) void run.stop('fenced');
  }

  /** Behind a new lease: ends those whose jobs others have, and writes the others, which somebody may be about to give away. */
  async confirm(): Promise<void> {
    await this.lookThrough();
    await Promise.all([...this.#runs.values()].map((run) => run.confirm()));
  }

  /** Gives all jobs back, those too that it was about to take, and resolves when no bot runs here. */
  async handOver(deadlineMs: number): Promise<void> {
    this.#isLeaving = true;
    await within(Promise.allSettled(this.#claims), CLAIM_MS);
    const runs = [...this.#runs.values()];
    await Promise.all(runs.map((run) => within(run.handOver(), GIVE_BACK_MS).catch(() => {})));
    const moved = Promise.all(runs.map((run) => run.ended));
    if (deadlineMs > 0) await Promise.race([moved, sleep(deadlineMs, undefined, { ref: false })]);
    await Promise.all(runs.map((run) => run.leave().catch(() => {})));
  }

  close(): void {
    this.#meter.close();
  }

  async #isLost(run: BotRun): Promise<boolean> {
    const held = await this.#store.read(run.job);
    return held === undefined || !run.isOf(held.record);
  }

  #loadWith(more: LoadFigures): WorkerLoad {
    const { capacity = 10, limits } = this.#options;
    const bots = this.#runs.size + this.#reserved.size + this.#unsure.size;
    const begun = [
      ...[...this.#runs.values()].filter(({ job }) => !this.#forecast.contains(job)),
      ...this.#unsure.values(),
    ].map(({ factory }) => factory);
    const costs = [...begun, ...this.#reserved.values()].map((factory) => this.#costOf(factory));
    const { alone } = this.#meter;
    return {
      bots,
      capacity,
      ...this.#forecast.measured,
      limits: { ...LIMITS, ...limits },
      begun: sumOf(costs),
      more,
      ...(alone ? { alone } : {}),
      ...(this.#stuck > 0 ? { stuck: this.#stuck } : {}),
    };
  }

  #costOf(factory: string): LoadFigures {
    const { factories, capacity = 10, limits } = this.#options;
    const offered = factories[factory];
    const declared = typeof offered === 'function' ? {} : (offered?.cost ?? {});
    return this.#forecast.costOf(declared, { ...LIMITS, ...limits }, capacity);
  }

  async #take(job: string, factory: string): Promise<Admission['status']> {
    const held = await this.#store.read(job);
    if (held === undefined || held.record.state !== 'queued' || held.record.factory !== factory) return 'gone';
    const claim = await this.#claim(held);
    if (claim === undefined) return 'gone';
    return await this.#beginOrGiveBack(claim);
  }

  async #beginOrGiveBack(claim: HeldJob): Promise<Admission['status']> {
    if (!this.#isLeaving) {
      this.#begin(claim);
      return 'admitted';
    }
    const queued = await this.#store.change(claim, { state: 'queued', worker: null });
    if (queued !== undefined) await this.#store.enqueue(queued.record);
    return 'refused';
  }

  async #claim(held: HeldJob): Promise<HeldJob | undefined> {
    const tries = held.record.tries + 1;
    try {
      return await this.#store.change(held, { state: 'starting', worker: this.#environment.worker, tries });
    } catch (error) {
      this.#unsure.set(held.record.job, { tries, factory: held.record.factory });
      throw error;
    }
  }

  #begin(claim: HeldJob): void {
    const { job } = claim.record;
    const factory = this.#options.factories[claim.record.factory]!;
    const run = new BotRun(this.#environment, claim, typeof factory === 'function' ? { build: factory } : factory);
    this.#runs.set(job, run);
    void run.ended.then(() => this.#runs.delete(job));
  }
}
