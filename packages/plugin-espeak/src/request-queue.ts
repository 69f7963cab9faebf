import type { SpeechRequest } from '@sluice/core/voice';

/** Answers requests one after the other; one of an epoch that was cancelled is left where it stands. */
export class RequestQueue<R extends SpeechRequest> {
  readonly #answer: (request: R, signal: AbortSignal) => Promise<void>;
  #waiting: R[] = [];
  #current: { readonly epoch: number; readonly abort: AbortController } | undefined;
  #idle: (() => void)[] = [];

  /** `answer` rejects for nothing but its signal's sake. */
  constructor(answer: (request: R, signal: AbortSignal) => Promise<void>) {
    this.#answer = answer;
  }

  add(request: R): void {
    this.#waiting.push(request);
    if (this.#current === undefined) void this.#run();
  }

  cancel(epoch: number): void {
    this.#waiting = this.#waiting.filter((request) => request.epoch >= epoch);
    if (this.#current !== undefined && this.#current.epoch < epoch) this.#current.abort.abort();
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    if (this.#current === undefined) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  async #run(): Promise<void> {
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      const abort = new AbortController();
      this.#current = { epoch: request.epoch, abort };
      try {
        await this.#answer(request, abort.signal);
      } catch (error) {
        if (!abort.signal.aborted) throw error;
      }
    }
    this.#current = undefined;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
