import { readdirSync, readFileSync } from 'node:fs';
import { constants, PerformanceObserver } from 'node:perf_hooks';

/** What a process has, as Linux tells it. */
export interface ProcessSample {
  readonly rssBytes: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** Undefined if the process is gone. */
export function processSample(pid: number): ProcessSample | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return {
      rssBytes: number('VmRSS') * 1_024,
      descriptors: readdirSync(`/proc/${pid}/fd`).length,
      threads: number('Threads'),
    };
  } catch {
    return undefined;
  }
}

/**
 * What this process holds: resident memory without what its heap keeps free, as it is whenever the garbage of all ages has been
 * collected. It asks for no collection: one takes 80 ms, and calls hear that.
 */
export class HeldMemory {
  #bytes = Number.NaN;
  readonly #observer = new PerformanceObserver((list) => {
    const isMajor = ({ detail }: { readonly detail?: unknown }) =>
      (detail as { readonly kind: number }).kind === constants.NODE_PERFORMANCE_GC_MAJOR;
    if (list.getEntries().some(isMajor)) this.#weigh();
  });

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** As it was last; NaN before. */
  get bytes(): number {
    return this.#bytes;
  }

  close(): void {
    this.#observer.disconnect();
  }

  #weigh(): void {
    const { rss, heapTotal, heapUsed } = process.memoryUsage();
    this.#bytes = rss - heapTotal + heapUsed;
  }
}

/** Slope by least squares, of y for each unit of x. NaN for fewer than two points. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const both = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return both / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
