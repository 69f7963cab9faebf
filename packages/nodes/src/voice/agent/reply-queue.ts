import { type Clock, sleep } from '@sluice/core';
import type { Utterance } from '../saying/say-queue.ts';
import type { Turn } from '../turns/turn.ts';

/** More people than this are not kept waiting: the one who waited longest gets no reply. */
const MOST_WAITING = 8;

/** How long a reply that had to wait lets people finish, in milliseconds. */
const LET_FINISH_MS = 5_000;

/** How often it is looked whether they have, in milliseconds. */
const LOOK_MS = 50;

/** A turn that is to be replied to. */
export interface AskedTurn {
  readonly speaker: string;
  readonly turn: Turn;
}

export interface ReplyQueueOptions {
  readonly clock: Clock;
  /** Begins a reply. */
  readonly begin: (asked: AskedTurn) => Utterance;
  /** Settles when it is known what was heard of the reply before: the next one is told of it. */
  readonly ready: () => Promise<unknown>;
  /** Whether somebody speaks who would have to be interrupted. */
  readonly isTaken: () => boolean;
  readonly isEnded: () => boolean;
  /** Too many wait: this one gets no reply. */
  readonly onDropped: (asked: AskedTurn) => void;
}

/** Replies to several people, one after the other. Who says more while they wait is replied to once, in their place. */
export class ReplyQueue {
  readonly #options: ReplyQueueOptions;
  readonly #waiting: AskedTurn[] = [];
  /** What is being replied to, from the decision to the last sample. */
  #current: object | undefined;

  constructor(options: ReplyQueueOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  add(asked: AskedTurn): void {
    const place = this.#waiting.findIndex(({ speaker }) => speaker === asked.speaker);
    if (place >= 0) this.#waiting[place] = asked;
    else this.#waiting.push(asked);
    if (this.#waiting.length > MOST_WAITING) this.#options.onDropped(this.#waiting.shift()!);
    void this.#next(false);
  }

  /** The reply that is under way was interrupted: it is not waited for any more. */
  release(): void {
    this.#current = undefined;
    void this.#next(true);
  }

  /** Nobody who waits gets a reply. */
  clear(): void {
    this.#waiting.length = 0;
    this.#current = undefined;
  }

  async #next(polite: boolean): Promise<void> {
    if (this.#current !== undefined || this.#waiting.length === 0) return;
    const own = {};
    this.#current = own;
    await this.#options.ready();
    if (polite) await this.#letFinish(own);
    if (this.#current !== own) return;
    const asked = this.#options.isEnded() ? undefined : this.#waiting.shift();
    if (asked === undefined) {
      this.#current = undefined;
      return;
    }
    void this.#options.begin(asked).finished.then(() => {
      if (this.#current === own) this.release();
    });
  }

  async #letFinish(own: object): Promise<void> {
    const { clock, isTaken } = this.#options;
    const until = clock.now() + LET_FINISH_MS;
    while (this.#current === own && isTaken() && clock.now() < until) await sleep(clock, LOOK_MS);
  }
}
