import { changeOf } from '../protocol/changes.ts';
import type { Sample } from '../protocol/messages.ts';

/** A sample for all who look: written once in each of its two forms, and only if somebody takes that one. */
export class ToldSample {
  readonly sample: Sample;
  readonly #before: Sample | undefined;
  #whole: string | undefined;
  #change: string | undefined;

  /** @param before the sample that was told before it, of the same topology */
  constructor(sample: Sample, before: Sample | undefined) {
    this.sample = sample;
    this.#before = before;
  }

  get whole(): string {
    this.#whole ??= JSON.stringify(this.sample);
    return this.#whole;
  }

  /** What is another than in the one before; all of it where there is none. */
  get change(): string {
    if (this.#before === undefined) return this.whole;
    this.#change ??= JSON.stringify(changeOf(this.#before, this.sample));
    return this.#change;
  }
}
