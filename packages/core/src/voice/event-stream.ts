interface Reader<E> {
  readonly resolve: (result: IteratorResult<E, undefined>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Events from somebody who pushes to one reader who iterates. Bounded: who reads nothing while more than `limit` events
 * wait loses the stream, with the error that `overflow` makes.
 */
export class EventStream<E> implements AsyncIterable<E> {
  readonly #limit: number;
  readonly #overflow: () => Error;
  #waiting: E[] = [];
  #reader: Reader<E> | undefined;
  #ended = false;
  #failure: { readonly reason: unknown } | undefined;

  constructor(limit: number, overflow: () => Error) {
    this.#limit = limit;
    this.#overflow = overflow;
  }

  get ended(): boolean {
    return this.#ended;
  }

  push(event: E): void {
    if (this.#ended) return;
    const reader = this.#reader;
    if (reader !== undefined) {
      this.#reader = undefined;
      reader.resolve({ done: false, value: event });
      return;
    }
    this.#waiting.push(event);
    if (this.#waiting.length > this.#limit) this.fail(this.#overflow());
  }

  /** Takes back what waits and is no longer wanted. */
  discard(unwanted: (event: E) => boolean): void {
    this.#waiting = this.#waiting.filter((event) => !unwanted(event));
  }

  /** No more; what waits is still read. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#reader?.resolve({ done: true, value: undefined });
    this.#reader = undefined;
  }

  /** Ends with an error, after what waits. */
  fail(reason: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#reader === undefined) this.#failure = { reason };
    else this.#reader.reject(reason);
    this.#reader = undefined;
  }

  [Symbol.asyncIterator](): AsyncIterator<E, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.#waiting = [];
        this.end();
        return { done: true, value: undefined };
      },
    };
  }

  #next(): Promise<IteratorResult<E, undefined>> {
    const event = this.#waiting.shift();
    if (event !== undefined) return Promise.resolve({ done: false, value: event });
    if (this.#failure !== undefined) {
      const { reason } = this.#failure;
      this.#failure = undefined;
      return Promise.reject(reason);
    }
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => {
      this.#reader = { resolve, reject };
    });
  }
}
