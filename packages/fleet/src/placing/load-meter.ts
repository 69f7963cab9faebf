import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram counts from one firing of a timer to the next: this much of it is no lateness. */
const RESOLUTION_MS = 10;

/** Measures what this process uses, and how late its event loop is. */
export class LoadMeter {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #since = performance.now();

  constructor() {
    this.#delays.enable();
  }

  /** Since the last reading. */
  read(): { readonly lagMs: number; readonly cpu: number; readonly memoryMb: number } {
    const now = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const lagMs = Math.max(0, this.#delays.percentile(90) / 1e6 - RESOLUTION_MS);
    const cpu = (user + system) / 1000 / Math.max(1, now - this.#since);
    this.#delays.reset();
    this.#cpu = process.cpuUsage();
    this.#since = now;
    return { lagMs, cpu, memoryMb: process.memoryUsage.rss() / 2 ** 20 };
  }

  close(): void {
    this.#delays.disable();
  }
}
