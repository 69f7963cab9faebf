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
  /** How long a reply waits for somebody else who speaks when it would begin, in milliseconds. */
  readonly yieldMs: number;
  /** Whether anybody speaks but the one who is replied to. */
  readonly othersSpeak: (speaker: string) => boolean;
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
    await this.#letFinish(own, polite);
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

  /** Waits for those who speak; one that had to wait anyway, also for those who have not finished their turn. */
  async #letFinish(own: object, polite: boolean): Promise<void> {
    const { clock, isTaken, othersSpeak, yieldMs } = this.#options;
    const since = clock.now();
    const isWorthIt = () => {
      const waitedMs = clock.now() - since;
      const [next] = this.#waiting;
      if (waitedMs < yieldMs && next !== undefined && othersSpeak(next.speaker)) return true;
      return polite && waitedMs < LET_FINISH_MS && isTaken();
    };
    while (this.#current === own && isWorthIt()) await sleep(clock, LOOK_MS);
  }
}
