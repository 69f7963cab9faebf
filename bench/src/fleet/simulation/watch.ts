import type { Agenda } from './agenda.ts';
import type { SimulatedNats } from './simulated-nats.ts';
import type { Job, SimulatedWorker } from './simulated-worker.ts';

const LEASE_MS = 2_000;
const WATCH_MS = 200;
const SWEEP_MS = 10_000;
/** How much longer everybody has for the first word when the server is back. */
const GRACE_MS = LEASE_MS / 2;
/** Of the records of all jobs, on a network of 1 Gbit/s. */
const READ_MS_PER_JOB = 0.0024;

/** Those who are watched, and what they have to do. */
export interface WatchedFleet {
  readonly agenda: Agenda;
  readonly nats: SimulatedNats;
  readonly workers: readonly SimulatedWorker[];
  readonly jobs: readonly Job[];
  /** It takes no more jobs. */
  readonly retire: (worker: SimulatedWorker) => void;
}

/** What workers do for each other: who was not heard for a lease loses it, and its jobs are queued again. */
export class Watch {
  readonly #fleet: WatchedFleet;
  /** The writing of a lease that was heard of last. */
  readonly #heardOf = new Map<SimulatedWorker, number>();
  readonly #forgotten = new Set<SimulatedWorker>();
  #wasAway = false;

  constructor(fleet: WatchedFleet) {
    this.#fleet = fleet;
    const { agenda } = fleet;
    const look = () => {
      this.#look();
      agenda.after(WATCH_MS, look);
    };
    const sweep = () => {
      this.#sweep();
      agenda.after(SWEEP_MS, sweep);
    };
    agenda.after(WATCH_MS, look);
    agenda.after(SWEEP_MS, sweep);
  }

  heard(worker: SimulatedWorker, written: number): void {
    if (written < (this.#heardOf.get(worker) ?? 0)) return;
    this.#heardOf.set(worker, written);
    worker.heardAt = Math.max(worker.heardAt, this.#fleet.agenda.now);
    this.#forgotten.delete(worker);
  }

  /** It went in order. */
  forget(worker: SimulatedWorker): void {
    this.#forgotten.add(worker);
  }

  #look(): void {
    const { agenda, nats, workers } = this.#fleet;
    if (nats.isAway) {
      this.#wasAway = true;
      return;
    }
    if (this.#wasAway) for (const worker of workers) worker.heardAt = agenda.now + GRACE_MS;
    this.#wasAway = false;
    const fenced = workers.filter((worker) => agenda.now - worker.heardAt >= LEASE_MS && this.#fence(worker));
    if (fenced.length > 0) this.#rescue(new Set(fenced));
  }

  /** Who has written its lease meanwhile lives: only its words were lost. */
  #fence(worker: SimulatedWorker): boolean {
    if (this.#forgotten.has(worker)) return false;
    if (worker.status !== 'dead' && worker.writtenAt !== (this.#heardOf.get(worker) ?? 0)) {
      this.heard(worker, worker.writtenAt);
      return false;
    }
    worker.fenced = true;
    this.#forgotten.add(worker);
    this.#fleet.retire(worker);
    return true;
  }

  #rescue(dead: ReadonlySet<SimulatedWorker>): void {
    const { nats, jobs } = this.#fleet;
    nats.readAll(READ_MS_PER_JOB * jobs.length, () => {
      // Who came back while they were read has its lease again, and its jobs.
      for (const job of jobs) if (job.worker?.fenced && dead.has(job.worker)) this.#queueAgain(job);
    });
  }

  /** What was claimed while its worker lost its lease. */
  #sweep(): void {
    const { nats, jobs } = this.#fleet;
    if (nats.isAway) return;
    for (const job of jobs) if (job.worker?.fenced || job.worker?.status === 'dead') this.#queueAgain(job);
  }

  #queueAgain(job: Job): void {
    const from = job.from?.status === 'dead' ? undefined : job.from;
    if (job.write(job.revision, { state: 'queued', worker: undefined, from })) this.#fleet.nats.enqueue(job);
  }
}
