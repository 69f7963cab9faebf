import type { Vitals } from '../protocol/messages.ts';

/** What the process took since it was asked last. */
export class ProcessVitals {
  #cpu = process.cpuUsage();
  #at = performance.now();

  /** @param lagMs how late the caller came, in milliseconds */
  take(lagMs: number): Vitals {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const elapsed = Math.max(now - this.#at, 1);
    this.#cpu = process.cpuUsage();
    this.#at = now;
    return {
      lagMs: Math.round(Math.max(lagMs, 0) * 10) / 10,
      rssMb: Math.round(process.memoryUsage.rss() / 2 ** 20),
      cpu: Math.round((user + system) / elapsed) / 1_000,
    };
  }
}
