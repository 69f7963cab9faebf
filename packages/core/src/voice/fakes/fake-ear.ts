import type { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import type { SpeechTurnEvent } from '../speech-model.ts';
import { Loudness } from './loudness.ts';

export interface FakeEarOptions {
  /** Silence after which speech and turn are over, in milliseconds. */
  readonly silenceMs: number;
  readonly told: (event: SpeechTurnEvent) => void;
  /** The name of the turn that begins. */
  readonly turnOf: () => string;
  /** A turn is over. */
  readonly over: (turn: string) => void;
}

/** Takes whatever is loud for speech, and a silence for the end of a turn. */
export class FakeEar {
  readonly #options: FakeEarOptions;
  readonly #loudness = new Loudness(-45);
  #turn: string | undefined;
  #quietSince = 0;

  constructor(options: FakeEarOptions) {
    this.#options = options;
  }

  hear(frame: AudioFrame): void {
    this.#loudness.read(frame, (loud, from, to) => {
      if (loud) {
        if (this.#turn === undefined) this.#begin(from);
        this.#quietSince = to;
      } else if (to - this.#quietSince >= this.#options.silenceMs * 1_000) this.endTurn();
    });
  }

  endTurn(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    this.#options.told({ type: 'speech', turn, speaking: false, at: micros(this.#quietSince) });
    this.#options.told({ type: 'turn-over', turn });
    this.#options.over(turn);
  }

  #begin(from: number): void {
    this.#turn = this.#options.turnOf();
    this.#options.told({ type: 'speech', turn: this.#turn, speaking: true, at: micros(from) });
  }
}
