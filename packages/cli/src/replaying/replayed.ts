// What may be expected of a replay, and whether it came true. Reads no file and runs nothing.

import type { AudioFrame } from '@sluice/core';
import type { ReplayedCrossing } from '@sluice/core/session';
import { type SoundFigures, SoundTally } from '../sound/measure-sound.ts';

/** What was heard and said in a replay. */
export interface Replayed {
  /** Of each sink that was given sound, by the name of its end. */
  readonly sound: Readonly<Record<string, SoundFigures>>;
  /** What recognisers understood, as it was recorded: a line for each final. */
  readonly heard: readonly string[];
  /** What voices were given to say, as the program gives it now. */
  readonly said: readonly string[];
}

/** Gathers what crosses the border of a graph that is replayed. */
export class ReplayTally {
  readonly #sound = new Map<string, SoundTally>();
  readonly #heard: string[] = [];
  readonly #said: string[] = [];

  readonly add = ({ direction, end, what, value }: ReplayedCrossing): void => {
    const { kind, type, text } = (value ?? {}) as Readonly<Record<string, unknown>>;
    if (direction === 'in') {
      if (what === 'event' && type === 'final' && typeof text === 'string' && text !== '') this.#heard.push(text);
      return;
    }
    // A language model is asked with messages, a recogniser with frames: what is written and has a text is to be said.
    if (what === 'write' && typeof text === 'string') this.#said.push(text);
    if (what !== 'frame' || kind !== 'audio') return;
    const tally = this.#sound.get(end) ?? new SoundTally();
    this.#sound.set(end, tally);
    tally.add(value as AudioFrame);
  };

  replayed(): Replayed {
    const sound = [...this.#sound].map(([end, tally]) => [end, tally.measured().figures] as const);
    return { sound: Object.fromEntries(sound), heard: this.#heard, said: this.#said };
  }
}
