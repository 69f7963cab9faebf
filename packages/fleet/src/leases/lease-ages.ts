import type { WorkerBeat } from './worker-beat.ts';

/** What one step of the clock counts at most, of a lease: who stood still has not seen that others were silent. */
const MOST_PER_STEP = 1 / 5;
/** How long everybody has for the first word when the server is back, in leases. */
const GRACE = 1.5;

interface Known {
  beat: WorkerBeat;
  ageMs: number;
}

/**
 * How long ago each worker was heard, by the clock of who listens: a server's clock or a key's lifetime has no part in it. While
 * the server is away nobody ages.
 */
export class LeaseAges {
  readonly #known = new Map<string, Known>();

  /** Those that were heard within a lease. */
  get living(): readonly WorkerBeat[] {
    return [...this.#known.values()].filter(({ beat, ageMs }) => ageMs < beat.leaseMs).map(({ beat }) => beat);
  }

  of(worker: string): WorkerBeat | undefined {
    return this.#known.get(worker)?.beat;
  }

  heard(beat: WorkerBeat): void {
    const last = this.#known.get(beat.worker);
    if (last !== undefined && beat.revision < last.beat.revision) return;
    this.#known.set(beat.worker, { beat, ageMs: 0 });
  }

  /** Time goes by. @returns those whose lease is old */
  step(elapsedMs: number): readonly WorkerBeat[] {
    const old: WorkerBeat[] = [];
    for (const one of this.#known.values()) {
      const { leaseMs } = one.beat;
      one.ageMs += Math.min(elapsedMs, leaseMs * MOST_PER_STEP);
      if (one.ageMs >= leaseMs) old.push(one.beat);
    }
    return old;
  }

  /** The server is back: each has time for its first word. */
  begin(): void {
    for (const one of this.#known.values()) one.ageMs = one.beat.leaseMs * (1 - GRACE);
  }

  forget(worker: string): void {
    this.#known.delete(worker);
  }
}
