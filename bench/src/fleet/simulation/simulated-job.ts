/** The record of a job, as the store has it, and which workers' bots are heard in its room. */
export class SimulatedJob<Worker> {
  /** Cores that its bot takes. */
  readonly cost: number;
  /** How long its bot takes to start. */
  readonly startMs: number;
  readonly askedAt: number;
  state: 'queued' | 'starting' | 'running' = 'queued';
  worker: Worker | undefined;
  /** Speaks until the next one is ready. */
  from: Worker | undefined;
  /** Of the last writing: who writes by another one writes nothing. */
  revision = 1;
  /** Of the writing by which its worker took it: the lease of the bot. */
  claimedBy = 0;
  ranAt: number | undefined;
  /** Since when nobody speaks who did. */
  silentSince: number | undefined;
  /** By the number of their lease: those that are in the room. */
  readonly speaking = new Map<number, Worker>();

  constructor(cost: number, startMs: number, askedAt: number) {
    this.cost = cost;
    this.startMs = startMs;
    this.askedAt = askedAt;
  }

  /** Writes if nobody has written meanwhile. */
  write(revision: number, change: Partial<Pick<SimulatedJob<Worker>, 'state' | 'worker' | 'from'>>): boolean {
    if (revision !== this.revision) return false;
    Object.assign(this, change);
    this.revision++;
    return true;
  }
}
