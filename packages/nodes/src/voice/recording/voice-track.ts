/** How far a stretch may stand from where the one before it ends before it is moved there, in milliseconds. */
const TOLERANCE_MS = 20;

/**
 * Where the pieces of a voice lie on a line of samples, given when each was heard: one behind the other while that is
 * nearly so, since clocks tell to some milliseconds and samples to one. What stands further away is set where it was heard.
 */
export class VoiceTrack {
  readonly #sampleRate: number;
  #next: number | undefined;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
  }

  /** The index for a piece of so many samples that was heard from `ms` on. */
  place(ms: number, length: number): number {
    const due = Math.round((ms * this.#sampleRate) / 1_000);
    const tolerance = (TOLERANCE_MS * this.#sampleRate) / 1_000;
    const index = this.#next === undefined || Math.abs(due - this.#next) > tolerance ? due : this.#next;
    this.#next = index + length;
    return index;
  }
}
