import type { Clock } from '../../time/clock.ts';
import { realClock } from '../../time/real-clock.ts';
import type { FromDecoder, ToDecoder } from './decoder-messages.ts';
import { type Place, processPlace, threadPlace } from './decoder-place.ts';

/** A native call under way takes less, and cannot be broken off. */
const MOST_CLOSING_MS = 2_000;

/** Who hears what a thread tells. */
export interface Listener {
  heard(message: Extract<FromDecoder, { type: 'partial' | 'final' }>): void;
  refused(message: string): void;
  lost(error: Error): void;
}

/** A thread or a process with a decoder of its own, and what it has not yet worked through. */
export class DecoderLink {
  #place!: Place;
  readonly #ended: Promise<void>;
  readonly #clock: Clock;
  readonly #listener: Listener;
  readonly #waiting: (() => void)[] = [];
  #lost: Error | undefined;
  #closed = false;

  constructor(entry: URL, isolated: boolean, clock: Clock, listener: Listener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#ended = new Promise((resolve) => {
      this.#place = (isolated ? processPlace : threadPlace)(entry, {
        message: (message) => this.#take(message),
        ended: (reason) => {
          resolve();
          this.#lose(reason);
        },
      });
    });
  }

  /** Messages under way. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the thread has worked through it and what it told before has been heard, or the thread is gone. */
  send(message: ToDecoder): Promise<void> {
    if (this.#lost !== undefined || this.#closed) return Promise.resolve();
    const done = new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#place.post(message);
    return this.#clock.track(done);
  }

  /** Lets the decoder give back what it has; a thread that does not end by itself is ended. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#release();
    if (this.#lost !== undefined) return;
    this.#place.post({ type: 'close' });
    // Real time, also under a virtual clock: the thread runs in it.
    const cancel = realClock.at(realClock.now() + MOST_CLOSING_MS, () => this.#place.kill());
    await this.#clock.track(this.#ended);
    cancel();
  }

  #take(message: FromDecoder): void {
    if (this.#closed) return;
    if (message.type === 'taken') this.#waiting.shift()?.();
    else if (message.type === 'refused') this.#listener.refused(message.message);
    else this.#listener.heard(message);
  }

  #lose(error: Error): void {
    if (this.#closed || this.#lost !== undefined) return;
    this.#lost = error;
    this.#listener.lost(error);
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
