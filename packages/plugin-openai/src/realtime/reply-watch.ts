import type { Clock } from '@sluice/core';

/**
 * Sees to it that a reply is not waited for without end. Time is the machine's, as a virtual clock stands still while a service
 * is at work.
 */
export class ReplyWatch {
  readonly #silenceMs: number;
  readonly #onSilent: (ms: number) => void;
  readonly #settle: () => void;
  #timer: NodeJS.Timeout;

  constructor(
    { clock }: { readonly clock: Clock },
    firstByteMs: number,
    silenceMs: number,
    onSilent: (ms: number) => void,
  ) {
    this.#silenceMs = silenceMs;
    this.#onSilent = onSilent;
    this.#timer = this.#arm(firstByteMs);
    let settle = () => {};
    void clock.track(
      new Promise<void>((resolve) => {
        settle = resolve;
      }),
    );
    this.#settle = settle;
  }

  /** Something of it came. */
  sign(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#arm(this.#silenceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#settle();
  }

  #arm(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.#onSilent(ms), ms);
  }
}
