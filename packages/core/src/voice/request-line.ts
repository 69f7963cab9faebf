import type { SessionContext } from './session.ts';

interface Request {
  readonly id: string;
  readonly epoch: number;
}

/**
 * For models that are asked: answers requests one after the other. One of an epoch that was cancelled is left where it
 * stands, its signal aborted; a rejection of another ends the session.
 */
export class RequestLine<R extends Request> {
  readonly #answer: (request: R, signal: AbortSignal) => Promise<void>;
  readonly #context: Pick<SessionContext<unknown, unknown>, 'signal' | 'fail'>;
  readonly #waiting: R[] = [];
  #current: { readonly request: R; readonly abort: AbortController } | undefined;
  #idle: (() => void)[] = [];

  constructor(
    context: Pick<SessionContext<unknown, unknown>, 'signal' | 'fail'>,
    answer: (request: R, signal: AbortSignal) => Promise<void>,
  ) {
    this.#context = context;
    this.#answer = answer;
    context.signal.addEventListener('abort', () => this.cancel(Number.POSITIVE_INFINITY), { once: true });
  }

  add(request: R): void {
    this.#waiting.push(request);
    if (this.#current === undefined) void this.#run();
  }

  cancel(epoch: number): void {
    for (let index = this.#waiting.length - 1; index >= 0; index--)
      if (this.#waiting[index]!.epoch < epoch) this.#waiting.splice(index, 1);
    if (this.#current !== undefined && this.#current.request.epoch < epoch) this.#current.abort.abort();
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#current === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run(): Promise<void> {
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      const abort = new AbortController();
      this.#current = { request, abort };
      try {
        await this.#answer(request, abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) this.#context.fail(error);
      }
    }
    this.#current = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
