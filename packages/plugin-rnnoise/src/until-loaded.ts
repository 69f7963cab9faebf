import type { ActorContext, AudioFrame, Interruption } from '@sluice/core';

/** Who handles frames once it is there. */
export interface FrameHandler {
  take(frame: AudioFrame): void;
  flush(): void;
  drop(interruption: Interruption): void;
  close(): void;
}

interface Waiting {
  readonly frame: AudioFrame;
  readonly release: () => void;
}

/** Keeps frames, and holds their source back, until their handler is there. */
export class UntilLoaded {
  readonly #context: ActorContext;
  readonly #complete: () => void;
  readonly #waiting: Waiting[] = [];
  #handler: FrameHandler | undefined;
  #ended = false;
  #closed = false;

  constructor(context: ActorContext, complete: () => void) {
    this.#context = context;
    this.#complete = complete;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The handler is there: it gets what waits. */
  begin(handler: FrameHandler): void {
    this.#handler = handler;
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      try {
        handler.take(one.frame);
      } finally {
        one.release();
      }
    }
    if (this.#ended) this.end();
  }

  take(frame: AudioFrame): void {
    if (this.#handler !== undefined && this.#waiting.length === 0) this.#handler.take(frame);
    else this.#waiting.push({ frame, release: this.#context.hold() });
  }

  end(): void {
    this.#ended = true;
    if (this.#handler === undefined) return;
    this.#handler.flush();
    this.#complete();
  }

  interrupt(interruption: Interruption): void {
    for (const { frame } of this.#waiting) interruption.dropped(frame.duration);
    this.#dropWaiting();
    this.#handler?.drop(interruption);
  }

  close(): void {
    this.#closed = true;
    this.#dropWaiting();
    this.#handler?.close();
  }

  #dropWaiting(): void {
    for (const { frame, release } of this.#waiting.splice(0)) {
      frame.close();
      release();
    }
  }
}
