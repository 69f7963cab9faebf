/** When something happened that happens now and then: the first and the last time, by one clock. */
export class Moments {
  #first: number | undefined;
  #last = 0;

  /** It happens now. */
  mark(now: number): void {
    this.#first ??= now;
    this.#last = now;
  }

  /** Milliseconds since `start`; undefined if it never happened. */
  since(start: number): { readonly firstMs: number; readonly lastMs: number } | undefined {
    if (this.#first === undefined) return undefined;
    return { firstMs: this.#first - start, lastMs: this.#last - start };
  }
}
