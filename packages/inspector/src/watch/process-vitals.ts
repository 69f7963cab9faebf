import type { Vitals } from '../protocol/messages.ts';

/** What the system is asked for, some 0.3 ms in a container: once in so long, in milliseconds. */
const ASKED_MS = 1_000;

/** What the process takes. */
export class ProcessVitals {
  #spent = process.cpuUsage();
  #at = performance.now();
  #cpu = 0;
  #rssMb = 0;

  /** @param lagMs how late the caller came, in milliseconds */
  take(lagMs: number): Vitals {
    const now = performance.now();
    if (this.#rssMb === 0 || now - this.#at >= ASKED_MS) this.#ask(now);
    return { lagMs: Math.round(Math.max(lagMs, 0) * 10) / 10, rssMb: this.#rssMb, cpu: this.#cpu };
  }

  #ask(now: number): void {
    const before = this.#spent;
    this.#spent = process.cpuUsage();
    const took = this.#spent.user + this.#spent.system - before.user - before.system;
    this.#cpu = Math.round(took / Math.max(now - this.#at, 1)) / 1_000;
    this.#at = now;
    this.#rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
  }
}
