const EVERY_MS = 50;

/** How late this process came to its timers: what it does in real time on a machine that has no time says nothing. */
export class LoopLag {
  readonly #late: { readonly atMs: number; readonly lagMs: number }[] = [];
  #due = performance.now() + EVERY_MS;
  readonly #timer = setInterval(() => {
    const atMs = performance.now();
    const lagMs = atMs - this.#due;
    if (lagMs > EVERY_MS) this.#late.push({ atMs, lagMs });
    this.#due = atMs + EVERY_MS;
  }, EVERY_MS);

  /** The longest since a moment of `performance.now()`, in milliseconds. */
  since(fromMs: number): number {
    return this.#late.reduce((most, { atMs, lagMs }) => (atMs >= fromMs ? Math.max(most, lagMs) : most), 0);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
