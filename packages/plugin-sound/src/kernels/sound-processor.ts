/** Arithmetic that changes a stream of interleaved samples and may keep some back to know what comes. */
export interface SoundProcessor {
  /** Sample frames that it keeps back once it runs. */
  readonly lookahead: number;
  /** Sample frames that it keeps now. */
  readonly held: number;
  /** Writes what leaves for `input`, `leaves(frames)` sample frames. False if that is what entered: `output` is then void. */
  process(input: Int16Array, output: Int16Array): boolean;
  /** Writes the `held` sample frames. What enters next follows on them. */
  drain(output: Int16Array): void;
  /** Forgets the sound, and keeps what was learned of it. */
  reset(): void;
}

/** Sample frames that leave when so many enter. */
export function leaves({ lookahead, held }: SoundProcessor, frames: number): number {
  return Math.max(0, held + frames - lookahead);
}
