import type { VoiceSession } from '../model.ts';

/** Turns of the microtask queue in which a reader with something to read would have read it. */
const STILL_TURNS = 8;

/** One of the sessions behind another: what has been written to it, and the reading of what it tells. */
export class Leg<Item, Event> {
  readonly session: VoiceSession<Item, Event, object>;
  /** The newest that was written. */
  place: number;
  /** The last that it is given. */
  until = Number.POSITIVE_INFINITY;
  /** While it has no room. */
  busy = false;
  readonly #reading: Promise<void>;
  #beginReading!: () => void;
  #gone = false;
  #reads = 0;

  constructor(session: VoiceSession<Item, Event, object>, place: number) {
    this.session = session;
    this.place = place;
    this.#reading = new Promise((resolve) => {
      this.#beginReading = resolve;
    });
  }

  /** Whether it was given up, or has ended by itself. */
  get isOver(): boolean {
    return this.#gone || this.session.ended;
  }

  async read(take: (event: Event) => void, lost: (error: unknown) => void): Promise<void> {
    this.#beginReading();
    try {
      for await (const event of this.session) {
        if (this.#gone) return;
        this.#reads++;
        take(event);
      }
      if (!this.#gone) lost(new Error('it has closed its session'));
    } catch (error) {
      if (!this.#gone) lost(error);
    }
  }

  /** Whether everything written was answered and what was told of it has been read. */
  async flush(): Promise<boolean> {
    await this.session.flush();
    await this.#reading;
    if (this.isOver) return false;
    // What it has told waits for its reader, who takes one a turn.
    for (let seen = -1, still = 0; still < STILL_TURNS; still++) {
      if (seen !== this.#reads) still = 0;
      seen = this.#reads;
      await undefined;
    }
    return !this.#gone;
  }

  /** Nothing of it is told from now on. */
  close(): Promise<void> {
    this.#gone = true;
    return this.session.close();
  }
}
