import type { VoiceModel, VoiceSession } from './model.ts';
import type { Word } from './recognizer.ts';

/** What is known of a turn while the person is silent. */
export interface TurnQuestion {
  readonly id: string;
  readonly epoch: number;
  /** What they have said in this turn. */
  readonly text: string;
  readonly words: readonly Word[];
  /** How long they have been silent, in milliseconds. */
  readonly pauseMs: number;
  /** What was said to them before. */
  readonly before?: string;
}

/** One answer for each question, in their order. */
export interface TurnVerdict {
  readonly type: 'verdict';
  readonly id: string;
  readonly epoch: number;
  /** How likely it is that they are done: 0 to 1. */
  readonly probability: number;
}

/** Words and a pause to whether the turn is over. */
export interface TurnDetector<Settings = unknown>
  extends VoiceModel<'turn-detector', TurnQuestion, TurnVerdict, Settings> {
  /** How long an answer takes, in milliseconds, as measured once. */
  readonly latencyMs: number;
}

export type TurnDetectorSession<Settings = unknown> = VoiceSession<TurnQuestion, TurnVerdict, Settings>;
