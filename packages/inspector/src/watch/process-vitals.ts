import type { Vitals } from '../protocol/messages.ts';
import { GcPauses } from './gc-pauses.ts';

/** What the system is asked for, some 0.3 ms in a container: once in so long, in milliseconds. */
const ASKED_MS = 1_000;

/** What the process takes, while somebody looks. */
export class ProcessVitals {
  readonly #now: () => number;
  readonly #pauses = new GcPauses();
  #spent = process.cpuUsage();
  #at: number;
  #cpu = 0;
  #rssMb = 0;
  #gcMs = 0;

  /** @param now the time in milliseconds */
  constructor(now = () => performance.now()) {
    this.#now = now;
    this.#at = now();
  }

  /** @param lagMs how late the caller came, in milliseconds */
  take(lagMs: number): Vitals {
    const now = this.#now();
    if (this.#rssMb === 0 || now - this.#at >= ASKED_MS) this.#ask(now);
    this.#pauses.watch();
    return { lagMs: tenths(Math.max(lagMs, 0)), rssMb: this.#rssMb, cpu: this.#cpu, gcMs: this.#gcMs };
  }

  /** Nobody looks: pauses are not observed until it is taken again. */
  rest(): void {
    this.#pauses.rest();
    this.#pauses.take();
  }

  #ask(now: number): void {
    const before = this.#spent;
    this.#spent = process.cpuUsage();
    const took = this.#spent.user + this.#spent.system - before.user - before.system;
    const seconds = Math.max(now - this.#at, 1) / 1_000;
    this.#cpu = Math.round(took / 1_000 / seconds) / 1_000;
    this.#gcMs = tenths(this.#pauses.take() / seconds);
    this.#at = now;
    this.#rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  }
}

function tenths(ms: number): number {
  return Math.round(ms * 10) / 10;
}
