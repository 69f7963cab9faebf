import { LEASE_MS, type WorkerBeat } from './worker-beat.ts';

/** What one step of the clock counts at most, in milliseconds: who stood still has not seen that others were silent. */
const MOST_PER_STEP_MS = 400;
/** How long everybody has for the first word when the server is back, in milliseconds. */
const GRACE_MS = 3000;

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
    return [...this.#known.values()].filter(({ ageMs }) => ageMs < LEASE_MS).map(({ beat }) => beat);
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
      one.ageMs += Math.min(elapsedMs, MOST_PER_STEP_MS);
      if (one.ageMs >= LEASE_MS) old.push(one.beat);
    }
    return old;
  }

  /** The server is back: each has time for its first word. */
  begin(): void {
    for (const one of this.#known.values()) one.ageMs = LEASE_MS - GRACE_MS;
  }

  forget(worker: string): void {
    this.#known.delete(worker);
  }
}
