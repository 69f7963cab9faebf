import type { Spoken, Turn, TurnTrace } from '@sluice/nodes';
import type { Line } from './script.ts';
import type { WatchedSentence } from './voice-watch.ts';

/** What happened, on the clock in milliseconds. */
export interface Conversation {
  readonly lines: readonly { readonly line: Line; readonly spoken: Spoken; readonly turn: Turn | undefined }[];
  readonly traces: readonly TurnTrace[];
  readonly sentences: readonly WatchedSentence[];
  readonly startMs: number;
}
