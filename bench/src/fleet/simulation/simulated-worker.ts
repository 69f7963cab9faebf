import { type Candidate, refusalOf, type WorkerLoad } from '@sluice/fleet';
import type { SimulatedJob } from './simulated-job.ts';

export type Job = SimulatedJob<SimulatedWorker>;

export const CAPACITY = 20;
const LIMITS = { lagMs: 100, cpu: 0.85, memoryMb: 2048 };
/** While it starts a bot takes more than later. */
const STARTING = 2;
/** How much one measurement counts beside what was learnt before. */
const SHARE = 0.2;

interface SimulatedBot {
  /** Of its lease. */
  readonly lease: number;
  isRunning: boolean;
  /** What it takes is in what was measured last. */
  isMeasured: boolean;
}

/** A worker: its bots, what it measures of them, and what the others know of it. */
export class SimulatedWorker implements Candidate {
  readonly worker: string;
  readonly rack: number;
  /** How much faster its clock is: 1 is right. */
  readonly pace: number;
  readonly bots = new Map<Job, SimulatedBot>();
  /** Places that are promised to jobs whose claim is being written. */
  reserved = 0;
  /** As the others were told last. */
  load: WorkerLoad;
  status: 'living' | 'stalled' | 'dead' = 'living';
  draining = false;
  /** Others have taken its lease: it does not know yet. */
  fenced = false;
  /** When its lease was written last, and when one of its beats was heard. */
  writtenAt = 0;
  heardAt = 0;
  #measured = 0;
  /** What one bot takes, as far as it was seen. */
  #learnt: number | undefined;

  constructor(worker: string, rack: number, pace: number) {
    this.worker = worker;
    this.rack = rack;
    this.pace = pace;
    this.load = this.now;
  }

  /** As it is, with what it expects of those that it has begun. */
  get now(): WorkerLoad {
    let unmeasured = this.reserved;
    for (const { isMeasured } of this.bots.values()) if (!isMeasured) unmeasured++;
    const each = this.#learnt ?? (LIMITS.cpu - this.#measured) / CAPACITY;
    const of = (cpu: number) => ({ lagMs: 0, cpu, memoryMb: 0 });
    return {
      bots: this.bots.size + this.reserved,
      capacity: CAPACITY,
      ...of(this.#measured),
      limits: LIMITS,
      begun: of(unmeasured * each),
      more: of(each),
    };
  }

  get takesOneMore(): boolean {
    return this.status === 'living' && !this.draining && !this.fenced && refusalOf(this.now) === undefined;
  }

  /** Cores that its bots take. */
  get cpu(): number {
    let sum = 0;
    for (const [{ cost }, { isRunning }] of this.bots) sum += isRunning ? cost : STARTING * cost;
    return sum;
  }

  measure(): void {
    this.#measured = this.cpu;
    for (const bot of this.bots.values()) bot.isMeasured = bot.isRunning;
    if (this.bots.size === 0) return;
    const seen = this.#measured / this.bots.size;
    this.#learnt = this.#learnt === undefined ? seen : this.#learnt + SHARE * (seen - this.#learnt);
  }
}
