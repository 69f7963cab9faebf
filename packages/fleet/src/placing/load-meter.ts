import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { type ProcessUse, readProcessTree } from './process-tree.ts';
import type { LoadFigures } from './worker-load.ts';

/** The histogram counts from one firing of a timer to the next: this much of it is no lateness. */
const RESOLUTION_MS = 10;
/** CPU time is counted in steps of 10 ms: over less than this a share of it says nothing. */
const SHORTEST_MS = 100;

/** Measures what this process and its child processes use, and how late its event loop is. */
export class LoadMeter {
  /** The system tells of this process only: what its child processes use is not in the figures. */
  readonly alone = readProcessTree() === undefined;
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #use = readUse();
  #since = performance.now();
  #last: LoadFigures = { lagMs: 0, cpu: 0, memoryMb: this.#use.memoryMb };

  constructor() {
    this.#delays.enable();
  }

  /** Since the last reading; within 100 ms of it the same again. */
  read(): LoadFigures {
    const now = performance.now();
    if (now - this.#since < SHORTEST_MS) return this.#last;
    const use = readUse();
    const lagMs = Math.max(0, this.#delays.percentile(90) / 1e6 - RESOLUTION_MS);
    // What a child had started and left behind when it ended is not in the sum any more.
    const cpu = Math.max(0, use.cpuMs - this.#use.cpuMs) / (now - this.#since);
    this.#delays.reset();
    this.#use = use;
    this.#since = now;
    this.#last = { lagMs, cpu, memoryMb: use.memoryMb };
    return this.#last;
  }

  close(): void {
    this.#delays.disable();
  }
}

function readUse(): ProcessUse {
  const tree = readProcessTree();
  if (tree !== undefined) return tree;
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, memoryMb: process.memoryUsage.rss() / 2 ** 20 };
}
