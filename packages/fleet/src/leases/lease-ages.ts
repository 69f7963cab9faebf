import { LEASE_MS, type WorkerBeat } from './worker-beat.ts';

/** What one step of the clock counts at most, of a lease: who stood still has not seen that others were silent. */
const MOST_PER_STEP = 1 / 5;
/** How long everybody has for the first word when the server is back, in leases. */
const GRACE = 1.5;

interface Known {
  /** Of the last writing of its lease that is known. */
  readonly revision: number;
  readonly leaseMs: number;
  ageMs: number;
  /** Undefined of one whose lease was read, and who was never heard. */
  readonly beat: WorkerBeat | undefined;
}

/**
 * How long ago each worker was heard, by the clock of who listens: a server's clock or a key's lifetime has no part in it. While
 * the server is away nobody ages.
 */
export class LeaseAges {
  readonly #known = new Map<string, Known>();
  readonly #unheardMs: number;

  /** @param leaseMs Of who listens: a worker that was never heard has as much, and the usual at least, since it may have more. */
  constructor(leaseMs = LEASE_MS) {
    this.#unheardMs = Math.max(leaseMs, LEASE_MS);
  }

  /** Those that were heard within a lease. */
  get living(): readonly WorkerBeat[] {
    return [...this.#known.values()].flatMap(({ beat, ageMs, leaseMs }) =>
      beat === undefined || ageMs >= leaseMs ? [] : [beat],
    );
  }

  /** Of the last writing of its lease that is known; undefined of one of whom nothing is. */
  revisionOf(worker: string): number | undefined {
    return this.#known.get(worker)?.revision;
  }

  heard(beat: WorkerBeat): void {
    const last = this.#known.get(beat.worker);
    if (last !== undefined && beat.revision < last.revision) return;
    this.#known.set(beat.worker, { revision: beat.revision, leaseMs: beat.leaseMs, ageMs: 0, beat });
  }

  /** Its lease was read, and nobody else has it: whether it lives shows within a lease, also of one that was never heard. */
  written(worker: string, revision: number): void {
    const { leaseMs = this.#unheardMs, beat } = this.#known.get(worker) ?? {};
    this.#known.set(worker, { revision, leaseMs, ageMs: 0, beat: beat && { ...beat, revision } });
  }

  /** Time goes by. @returns those whose lease is old */
  step(elapsedMs: number): readonly string[] {
    const old: string[] = [];
    for (const [worker, one] of this.#known) {
      one.ageMs += Math.min(elapsedMs, one.leaseMs * MOST_PER_STEP);
      if (one.ageMs >= one.leaseMs) old.push(worker);
    }
    return old;
  }

  /** The server is back: each has time for its first word. */
  begin(): void {
    for (const one of this.#known.values()) one.ageMs = one.leaseMs * (1 - GRACE);
  }

  forget(worker: string): void {
    this.#known.delete(worker);
  }
}
