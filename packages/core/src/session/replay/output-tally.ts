import { createHash, type Hash } from 'node:crypto';
import type { PackedValue } from '../values/pack-value.ts';
import { MARK } from '../values/value-mark.ts';

/** What a sink of a replay was given. */
export interface ReplayedOutput {
  /** The name of the end. */
  readonly node: string;
  /** How many frames it was given. */
  readonly frames: number;
  /** SHA-256 of all of it, in hexadecimal: the same for two replays that gave the same. */
  readonly hash: string;
}

/** Counts what goes out. */
export class OutputTally {
  readonly #ends = new Map<string, { readonly hash: Hash; frames: number; samples: number }>();

  /** Adds a frame. Returns how many samples per channel the sink had before. */
  add(end: string, value: PackedValue): number {
    let tally = this.#ends.get(end);
    if (tally === undefined) {
      tally = { hash: createHash('sha256'), frames: 0, samples: 0 };
      this.#ends.set(end, tally);
    }
    const before = tally.samples;
    tally.frames++;
    tally.hash.update(JSON.stringify(value.json));
    for (const part of value.parts) tally.hash.update(part);
    const { bytes = 0, channels = 1, [MARK]: mark } = (value.json ?? {}) as Readonly<Record<string, number>>;
    if ((mark as unknown) === 'audio') tally.samples += bytes / 2 / channels;
    return before;
  }

  get outputs(): ReplayedOutput[] {
    return [...this.#ends].map(([node, { hash, frames }]) => ({ node, frames, hash: hash.copy().digest('hex') }));
  }
}
