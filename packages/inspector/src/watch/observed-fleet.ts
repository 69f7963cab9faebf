import { toError } from '@sluice/core';
import type { FleetSample, InspectedFleet, InspectedJob, InspectedWorker } from '../protocol/fleets.ts';
import { inspectLimits } from '../protocol/limits.ts';

/** Those that somebody has to do something about, in the order in which they are shown. */
const OPEN = ['failed', 'queued', 'starting', 'running'];

/** Of the time, the share in which a fleet may be asked: reading its jobs costs its server, the more the more there are. */
const ASKED_SHARE = 0.1;

/** A fleet with what it said last. Its jobs come from a server, which may be slow, or away. */
export class ObservedFleet {
  readonly #fleet: InspectedFleet;
  #jobs: readonly InspectedJob[] = [];
  #readAt: number | null = null;
  #fault: string | undefined;
  /** When the last question was asked, while it has no answer. */
  #askedAt: number | undefined;
  #askAgainAt = Number.NEGATIVE_INFINITY;

  constructor(fleet: InspectedFleet) {
    this.#fleet = fleet;
  }

  /** What is known, without waiting. One that cannot be asked any more says why: looking never throws. */
  sample(id: number, name: string): FleetSample {
    const counts: Record<string, number> = {};
    for (const { state } of this.#jobs) counts[state] = (counts[state] ?? 0) + 1;
    const waits = this.#askedAt !== undefined && performance.now() - this.#askedAt > inspectLimits.fleetMs;
    return {
      fleet: id,
      name,
      workers: this.#workers(),
      counts,
      jobs: this.#jobs.slice(0, inspectLimits.fleetJobs),
      readAt: this.#readAt,
      fault: this.#fault ?? (waits ? 'its server does not answer' : undefined),
    };
  }

  /** Asks for the jobs, unless it was asked just now or has not answered yet. */
  ask(answered: () => void): void {
    const now = performance.now();
    if (this.#askedAt !== undefined || now < this.#askAgainAt) return;
    this.#askedAt = now;
    void this.#read().then(() => {
      // What was refused late says nothing of how much there is to read.
      const took = this.#fault === undefined ? performance.now() - now : 0;
      this.#askedAt = undefined;
      this.#askAgainAt = now + Math.max(inspectLimits.fleetMs - inspectLimits.sampleMs / 2, took / ASKED_SHARE);
      answered();
    });
  }

  #workers(): readonly InspectedWorker[] {
    try {
      return this.#fleet.workers.map(workerRow).sort((a, b) => a.worker.localeCompare(b.worker));
    } catch (error) {
      this.#fault = toError(error).message;
      return [];
    }
  }

  async #read(): Promise<void> {
    try {
      const jobs = await this.#fleet.jobs();
      this.#jobs = jobs.map(jobRow).sort((a, b) => rankOf(a) - rankOf(b) || b.at - a.at);
      this.#readAt = Date.now();
      this.#fault = undefined;
    } catch (error) {
      this.#fault = toError(error).message;
    }
  }
}

function rankOf({ state }: InspectedJob): number {
  const rank = OPEN.indexOf(state);
  return rank < 0 ? OPEN.length : rank;
}

/** Only what is shown: what a fleet has besides may be anybody's. */
function jobRow({
  job,
  factory,
  state,
  worker,
  from,
  tries,
  losses,
  at,
  moveFailure,
  error,
}: InspectedJob): InspectedJob {
  return { job, factory, state, worker, from, tries, losses, at, moveFailure: why(moveFailure), error: why(error) };
}

function why(fault: InspectedJob['error']): InspectedJob['error'] {
  return fault === null ? null : { code: fault.code, message: fault.message };
}

function workerRow({ worker, factories, draining, load }: InspectedWorker): InspectedWorker {
  const { bots, capacity, lagMs, cpu, memoryMb, limits } = load;
  return { worker, factories, draining, load: { bots, capacity, lagMs, cpu, memoryMb, limits } };
}
