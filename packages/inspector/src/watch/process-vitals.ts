import type { Vitals } from '../protocol/messages.ts';

/** Memory is read from a file of the system: once in so long, in milliseconds. */
const MEMORY_MS = 1_000;

/** What the process took since it was asked last. */
export class ProcessVitals {
  #cpu = process.cpuUsage();
  #at = performance.now();
  #rssMb = 0;
  #rssAt = Number.NEGATIVE_INFINITY;

  /** @param lagMs how late the caller came, in milliseconds */
  take(lagMs: number): Vitals {
    const now = performance.now();
    const before = this.#cpu;
    this.#cpu = process.cpuUsage();
    const took = this.#cpu.user + this.#cpu.system - before.user - before.system;
    const elapsed = Math.max(now - this.#at, 1);
    this.#at = now;
    if (now - this.#rssAt >= MEMORY_MS) {
      this.#rssMb = Math.round(process.memoryUsage.rss() / 2 ** 20);
      this.#rssAt = now;
    }
    return {
      lagMs: Math.round(Math.max(lagMs, 0) * 10) / 10,
      rssMb: this.#rssMb,
      cpu: Math.round(took / elapsed) / 1_000,
    };
  }
}
