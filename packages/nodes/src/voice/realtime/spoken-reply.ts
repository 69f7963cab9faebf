import type { Spoken } from '../saying/utterance.ts';
import { SpokenRound } from './spoken-round.ts';

/** What an agent says in answer to a turn: in several rounds where tools are run between them. */
export class SpokenReply {
  readonly id: string;
  readonly rounds: SpokenRound[] = [];
  /** Settles once, when it is known what was heard of all of it. */
  readonly finished: Promise<Spoken>;
  readonly #onRound: (round: SpokenRound) => void;
  #complete = false;
  #interrupted = false;
  #finish!: (spoken: Spoken) => void;

  /** `onRound` is told of each round when it is known what was heard of it. */
  constructor(id: string, onRound: (round: SpokenRound) => void) {
    this.id = id;
    this.#onRound = onRound;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Whether anything was said that is made of words, or sounds. */
  get said(): boolean {
    return this.rounds.some(({ audioMs }) => audioMs > 0);
  }

  begin(): SpokenRound {
    const round = new SpokenRound(`${this.id}.${this.rounds.length + 1}`);
    this.rounds.push(round);
    void round.settled.then(() => this.#onRound(round));
    return round;
  }

  /** No more rounds. */
  end(): void {
    if (this.#complete) return;
    this.#complete = true;
    void Promise.all(this.rounds.map(({ settled }) => settled)).then(() => this.#finish(this.#outcome()));
  }

  interrupt(): void {
    if (!this.#complete || this.rounds.length > 0) this.#interrupted = true;
    for (const round of this.rounds) round.drop();
    this.end();
  }

  #outcome(): Spoken {
    const { rounds } = this;
    const cutAt = rounds.findIndex(({ cut }) => cut);
    const heard = cutAt < 0 ? rounds : rounds.slice(0, cutAt + 1);
    const words = heard.flatMap((round) => round.heardWords);
    return {
      id: this.id,
      text: textOf(rounds.map(({ text }) => text)),
      heardText: textOf(heard.map((round) => round.heard)),
      words,
      interrupted: this.#interrupted,
      failed: rounds.some(({ failed }) => failed),
      startedMs: rounds.find(({ startedMs }) => startedMs !== undefined)?.startedMs,
      endedMs: words.at(-1)?.endMs,
      heardMs: rounds.reduce((sum, { playedMs }) => sum + playedMs, 0),
      droppedMs: rounds.reduce(
        (sum, { cut, audioMs, playedMs }) => sum + (cut ? Math.max(0, audioMs - playedMs) : 0),
        0,
      ),
    };
  }
}

function textOf(texts: readonly string[]): string {
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(' ');
}
