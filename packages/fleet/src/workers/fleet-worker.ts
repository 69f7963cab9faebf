import type { Msg, Subscription } from '@nats-io/transport-node';
import { checkKeys, prometheusText } from '@sluice/core';
import { checkMs } from '../connection/check-ms.ts';
import { hear } from '../connection/hear.ts';
import { LeaseAges } from '../leases/lease-ages.ts';
import { readBeat } from '../leases/read-beat.ts';
import { beatMs, LEASE_MS, type WorkerBeat } from '../leases/worker-beat.ts';
import { newWorkerId, workerTokens } from '../leases/worker-id.ts';
import { WorkerLease } from '../leases/worker-lease.ts';
import type { BotFigures } from '../metrics/fleet-metric-rows.ts';
import { workerMetrics } from '../metrics/fleet-metrics.ts';
import type { FleetStore } from '../store/fleet-store.ts';
import { ServerTime } from '../store/server-time.ts';
import { type Asked, readAsked } from './asked.ts';
import { Bots } from './bots.ts';
import { Recovery } from './recovery.ts';
import { type Admission, Scheduler } from './scheduler.ts';
import type { WorkerOptions } from './worker-options.ts';

/** How often the others are looked at, of a lease. */
const WATCH = 1 / 10;
const SWEEP_MS = 10_000;
/** How often leases of workers that were never heard are looked for: with a lease's time and the next start of a job it is below 5 s. */
const MEET_MS = 1_500;
const ASK_MS = 1000;

/** A worker of a fleet, made by `startWorker`. */
export class FleetWorker implements AsyncDisposable {
  /** Its name and six letters of its own. */
  readonly id: string;
  readonly #store: FleetStore;
  readonly #leaseMs: number;
  readonly #lease: WorkerLease;
  readonly #ages: LeaseAges;
  readonly #bots: Bots;
  readonly #time: ServerTime;
  readonly #recovery: Recovery;
  readonly #subscriptions: Subscription[] = [];
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #unwatch: () => void;
  #scheduler: Scheduler | undefined;
  #closing: Promise<void> | undefined;
  #draining = false;
  /** Its lease was lost, and its jobs were not looked through since. */
  #isUnsure = false;
  #busy = { beat: false, watch: false };
  #last = performance.now();
  #meetAt = performance.now() + MEET_MS;
  #sweepAt = performance.now() + SWEEP_MS / 2;

  /** @internal */
  constructor(store: FleetStore, options: WorkerOptions) {
    this.id = newWorkerId(options.name ?? 'worker');
    this.#store = store;
    this.#leaseMs = options.leaseMs ?? LEASE_MS;
    this.#ages = new LeaseAges(this.#leaseMs);
    this.#lease = new WorkerLease(store.leases, this.id, this.#leaseMs);
    this.#bots = new Bots(store, this.id, options, {
      askToYield: async (worker, job) => void (await this.#ask(worker, { ask: 'yield', job })),
    });
    this.#time = new ServerTime(() => this.#stamped());
    this.#recovery = new Recovery(store, this.#ages, this.#time);
    this.#unwatch = store.connection.onConnected((connected) => {
      if (!connected) return;
      this.#ages.begin();
      void this.#bots.lookThrough().catch(() => {});
      // Until its lease is written again it takes no job.
      void this.#beat();
    });
  }

  /** Names of the jobs whose bots run or start here. */
  get jobs(): readonly string[] {
    return this.#bots.jobs;
  }

  /** What each of its bots takes just now. */
  get accounts(): readonly BotFigures[] {
    return this.#bots.accounts;
  }

  /**
   * What it and its bots take, in the text format of Prometheus: to be given out as `METRICS_TYPE` by whatever serves the
   * application's figures. `prometheus(graphs)` has other names and may follow.
   */
  metrics(): string {
    return prometheusText(workerMetrics(this.#figures, this.#bots.accounts));
  }

  /** @internal */
  async begin(): Promise<void> {
    try {
      await this.#hear();
      await this.#lease.take();
    } catch (error) {
      this.#unhear();
      throw error;
    }
    this.#tell();
    this.#timers.push(
      setInterval(() => void this.#beat(), beatMs(this.#leaseMs)),
      setInterval(() => void this.#watch(), this.#leaseMs * WATCH),
    );
    this.#scheduler = new Scheduler(this.#store, this.#ages, this.#time, (worker, { job, factory }) =>
      this.#ask(worker, { ask: 'admit', job, factory }),
    );
  }

  /**
   * Takes no more jobs and moves those it has to other workers, each when its next bot is ready. Then nothing runs here; what
   * found no place within `deadlineMs` is stopped and waits in the queue.
   *
   * @param options `deadlineMs`: default 15,000.
   * @throws TypeError for a deadline that is none
   */
  async drain(options: { readonly deadlineMs?: number } = {}): Promise<void> {
    checkKeys<{ readonly deadlineMs?: number }>('drain', options, { deadlineMs: true });
    const { deadlineMs = 15_000 } = options;
    checkMs('drain.deadlineMs', deadlineMs, 0);
    // What did not end when it was closed does not end by being waited for.
    await (this.#closing ?? this.#drain(deadlineMs));
  }

  async #drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    this.#tell();
    await this.#bots.handOver(deadlineMs);
  }

  /** Drains without waiting for anybody: its bots end now, and others go on with their jobs. Twice is once. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#drain(0);
    for (const timer of this.#timers) clearInterval(timer);
    await this.#scheduler?.close();
    if (this.#store.connection.connected) await this.#lease.end().catch(() => {});
    this.#unhear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #hear(): Promise<void> {
    const { connection } = this.#store;
    this.#subscriptions.push(
      await hear(connection, connection.subject('beats', '*', '*'), (message) => {
        const beat = readBeat(connection, message);
        if (beat === undefined) return;
        const isNew = this.#ages.revisionOf(beat.worker) === undefined;
        this.#ages.heard(beat);
        // Who has just come has missed our words so far: were this one to die now, nobody would miss it.
        if (isNew && this.#lease.isFresh) this.#tell();
      }),
      await hear(connection, connection.subject('workers', ...workerTokens(this.id)), (message) => {
        void this.#answer(message);
      }),
    );
  }

  #unhear(): void {
    this.#unwatch();
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#bots.close();
  }

  async #beat(): Promise<void> {
    if (this.#busy.beat || !this.#store.connection.connected) return;
    this.#busy.beat = true;
    try {
      this.#bots.measure();
      if ((await this.#store.connection.answered(this.#lease.renew())) === 'lost') {
        // Somebody has found it old, and may be at our jobs: they stop when it is ours again, and what they read before is made old.
        await this.#lease.take();
        this.#isUnsure = true;
      }
      if (this.#isUnsure) {
        await this.#bots.confirm();
        this.#isUnsure = false;
      }
      if (this.#lease.isFresh) this.#tell();
      await this.#bots.finishClaims();
    } catch {
      // The server went meanwhile: the next beat tries again.
    } finally {
      this.#busy.beat = false;
    }
  }

  get #figures(): WorkerBeat {
    return {
      worker: this.id,
      revision: this.#lease.revision,
      leaseMs: this.#leaseMs,
      factories: this.#bots.factories,
      load: this.#bots.load,
      draining: this.#draining,
    };
  }

  /** When its lease was written: a moment ago, by the server's clock. */
  async #stamped(): Promise<number> {
    const entry = await this.#store.connection.answered(this.#store.leases.get(this.id));
    if (entry === null || !this.#lease.isFresh) throw new Error('its lease is not there');
    return entry.created.getTime();
  }

  #tell(): void {
    const { connection } = this.#store;
    const beat = this.#figures;
    this.#ages.heard(beat);
    const subject = connection.subject('beats', ...workerTokens(this.id));
    if (connection.connected) connection.nats.publish(subject, JSON.stringify(beat));
  }

  async #watch(): Promise<void> {
    const now = performance.now();
    const elapsed = now - this.#last;
    this.#last = now;
    if (!this.#store.connection.connected) return;
    const old = this.#ages.step(elapsed);
    if (this.#busy.watch) return;
    this.#busy.watch = true;
    try {
      await this.#recovery.of(old.filter((worker) => worker !== this.id));
      await this.#lookFurther(now);
    } catch {
      // The server went meanwhile: what is old is still old when it is back.
    } finally {
      this.#busy.watch = false;
    }
  }

  /** One worker looks for all: the first of those that live. */
  async #lookFurther(now: number): Promise<void> {
    if (now < this.#meetAt) return;
    this.#meetAt = now + MEET_MS;
    const living = this.#ages.living.map(({ worker }) => worker).sort();
    if (living[0] !== this.id || !this.#lease.isFresh) return;
    await this.#recovery.meet();
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + SWEEP_MS;
    await this.#recovery.sweep(new Set(living));
  }

  async #ask(worker: string, asked: Asked): Promise<Admission | undefined> {
    if (worker === this.id) return await this.#do(asked);
    const { connection } = this.#store;
    try {
      const subject = connection.subject('workers', ...workerTokens(worker));
      const answer = await connection.nats.request(subject, JSON.stringify(asked), { timeout: ASK_MS });
      return answer.json<Admission>();
    } catch {
      return undefined;
    }
  }

  async #answer(message: Msg): Promise<void> {
    const asked = readAsked(message);
    if (asked?.ask === 'account') return void message.respond(JSON.stringify(this.#bots.accountOf(asked.job) ?? null));
    const answer = asked && (await this.#do(asked).catch(() => undefined));
    if (answer !== undefined) message.respond(JSON.stringify(answer));
  }

  async #do(asked: Asked): Promise<Admission> {
    if (asked.ask !== 'admit') {
      await this.#bots.stopLost(asked.job, asked.ask === 'yield' ? 'yielded' : 'cancelled');
      return { status: 'gone', load: this.#bots.load };
    }
    const takes = !this.#draining && this.#lease.isFresh;
    const status = takes ? await this.#bots.admit(asked.job, asked.factory) : 'refused';
    return { status, load: this.#bots.load };
  }
}
