import type { TranscriptFrame } from '../voice-frames.ts';

interface Missed {
  readonly startMs: number;
  /** Something of the stretch was told by then, and counted. */
  readonly partly: boolean;
  /** It was taken for a cough under the agent's voice. */
  readonly ignored: boolean;
}

/**
 * The last word of a stretch of speech that was waited for in vain: recognisers behind a network are late at times. It is
 * known by where in the sound it ends, as a recogniser that was lost meanwhile never tells it.
 */
export class MissedWord {
  #missed: Missed | undefined;

  /** The turn that began there is over without it. */
  miss(missed: Missed): void {
    this.#missed = missed;
  }

  /**
   * Whether a transcript is it: one that ends before `sinceMs`, where what is said now began. Finals come in their order:
   * after a later one it comes no more.
   */
  take({ final }: TranscriptFrame, endMs: number, sinceMs: number): Missed | undefined {
    if (!final) return undefined;
    const missed = this.#missed;
    this.#missed = undefined;
    return endMs <= sinceMs ? missed : undefined;
  }
}
