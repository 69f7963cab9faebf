/** The most that is kept of a turn, in milliseconds. */
const MOST_MS = 60_000;

/** The sound of a turn in a session, from where it began. */
export class TurnSound {
  readonly #pieces: { readonly endMs: number; readonly samples: Int16Array }[] = [];
  #ms = 0;

  add(samples: Int16Array, sampleRate: number): void {
    this.#ms += (samples.length * 1_000) / sampleRate;
    this.#pieces.push({ endMs: this.#ms, samples });
    this.from(this.#ms - MOST_MS);
  }

  /** It began there: what came before is no part of it. Milliseconds of the session. */
  from(ms: number): void {
    while (this.#pieces.length > 0 && this.#pieces[0]!.endMs <= ms) this.#pieces.shift();
  }

  take(): Int16Array {
    const pieces = this.#pieces.splice(0);
    const all = new Int16Array(pieces.reduce((sum, { samples }) => sum + samples.length, 0));
    let at = 0;
    for (const { samples } of pieces) {
      all.set(samples, at);
      at += samples.length;
    }
    return all;
  }
}
