import { type ActorContext, toError } from '@sluice/core';

/** How far a container is. */
export interface WritingProgress {
  /** What is in it, in milliseconds of media time. */
  readonly writtenMs: number;
  /** Bytes of it. */
  readonly bytes: number;
  /** Whether this is the last report: it is finished. */
  readonly done: boolean;
}

/** Is told twice a second while a container is written, and once more at its end. */
export type OnProgress = (progress: WritingProgress) => void;

const EVERY_MS = 500;

/** Tells a listener how far it is, not too often; what that throws is reported by the node. */
export class ProgressTeller {
  readonly #onProgress: OnProgress | undefined;
  readonly #context: ActorContext;
  #next: number;

  constructor(onProgress: OnProgress | undefined, context: ActorContext) {
    this.#onProgress = onProgress;
    this.#context = context;
    this.#next = context.clock.now() + EVERY_MS;
  }

  tell(writtenMs: number, bytes: number, done: boolean): void {
    if (this.#onProgress === undefined) return;
    const now = this.#context.clock.now();
    if (!done && now < this.#next) return;
    this.#next = now + EVERY_MS;
    try {
      this.#onProgress({ writtenMs, bytes, done });
    } catch (error) {
      this.#context.report(toError(error));
    }
  }
}
