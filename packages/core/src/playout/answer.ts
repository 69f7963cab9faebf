/**
 * A promise that is made when somebody looks at it. Each write to a device answers four questions, of which most programs ask
 * one: a promise and the function that resolves it, for nobody, are most of what a write allocates.
 */
export class Answer<T> {
  #promise: Promise<T> | undefined;
  #resolve: ((value: T) => void) | undefined;
  #given = false;
  #value: T | undefined;

  get promise(): Promise<T> {
    this.#promise ??= this.#given
      ? Promise.resolve(this.#value as T)
      : new Promise((resolve) => {
          this.#resolve = resolve;
        });
    return this.#promise;
  }

  /** The first one counts. */
  give(value: T): void {
    if (this.#given) return;
    this.#given = true;
    this.#value = value;
    this.#resolve?.(value);
  }
}
