import type { Word } from '@sluice/core/voice';

/** What somebody said, when they are done. Times are on the clock, in milliseconds. */
export interface Turn {
  readonly id: number;
  readonly text: string;
  readonly words: readonly Word[];
  /** Something was said that was not understood. */
  readonly rejected: boolean;
  readonly voicedStartMs: number;
  readonly voicedEndMs: number;
  readonly finalTextMs: number;
  readonly decidedMs: number;
}
