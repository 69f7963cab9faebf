import type { Word } from '@sluice/core/voice';

/** What somebody said, when they are done. Times are on the clock, in milliseconds. */
export interface Turn {
  /** Counts the turns of one person. */
  readonly id: number;
  /** All that was understood. */
  readonly text: string;
  /** The same with the time of each word; empty if the recogniser has no word times. */
  readonly words: readonly Word[];
  /** Something was said that was not understood. */
  readonly rejected: boolean;
  /** When they began to speak. */
  readonly voicedStartMs: number;
  /** When their last sound ended. */
  readonly voicedEndMs: number;
  /** When the last of the text was there. */
  readonly finalTextMs: number;
  /** When the turn was taken for over. */
  readonly decidedMs: number;
}
