import { PerformanceObserver } from 'node:perf_hooks';

/** How long the collection of garbage held the main thread. Workers have heaps and pauses of their own. */
export class GcPauses {
  #ms = 0;
  #watches = false;
  readonly #observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) this.#ms += duration;
  });

  /** Counts from now on. */
  watch(): void {
    if (this.#watches) return;
    this.#watches = true;
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  /** Nothing is observed any more. */
  rest(): void {
    this.#watches = false;
    this.#observer.disconnect();
  }

  /** Pauses since it was taken last, in milliseconds: a pause is told in the turns of the event loop behind it. */
  take(): number {
    const ms = this.#ms;
    this.#ms = 0;
    return ms;
  }
}
