import { type AudioFrame, realClock } from '@sluice/core';
import { LettersHeard } from '../../../packages/scenario/src/voice/letters-heard.ts';

export interface HeardNumber {
  readonly number: number;
  /** When the word was over, on the clock in milliseconds. */
  readonly atMs: number;
}

/** Writes down what somebody hears of the agent, letter by letter: a voice that stands still in a word goes on with it. */
export class FarLetters {
  /** Words with a number that were heard whole, in order. */
  readonly numbers: HeardNumber[] = [];
  /** All letters, without spaces. */
  text = '';
  /** When the last frame came, on the clock in milliseconds. */
  lastFrameAt = Number.NEGATIVE_INFINITY;
  #read = 0;
  #letters = this.#listener();

  hear(frame: AudioFrame): void {
    this.lastFrameAt = realClock.now();
    this.#letters.read(frame);
  }

  /** Ends the word that is being heard: what comes next is another stream. */
  finish(): void {
    this.#letters.finish();
    this.#letters = this.#listener();
  }

  #listener(): LettersHeard {
    return new LettersHeard(({ text }) => {
      this.text += text;
      const numbers = /w(\d{4})/g;
      numbers.lastIndex = this.#read;
      for (let match = numbers.exec(this.text); match !== null; match = numbers.exec(this.text)) {
        this.numbers.push({ number: Number(match[1]), atMs: realClock.now() });
        this.#read = numbers.lastIndex;
      }
    });
  }
}
