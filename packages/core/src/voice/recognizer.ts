import type { AudioFrame } from '../media/audio-frame.ts';
import type { Micros } from '../time/units.ts';
import type { Accepts, VoiceModel, VoiceSession } from './model.ts';

/** A word that was heard, in the media time of the frames that were written. */
export interface Word {
  /** The word. */
  readonly text: string;
  /** Media time at which it begins, in microseconds. */
  readonly start: Micros;
  /** Media time at which it is over, in microseconds. */
  readonly end: Micros;
  /** 0 to 1, where the model tells one that means something. */
  readonly confidence?: number;
}

/**
 * What a recogniser that judges turns says of the person's turn: it has begun; it may be over, so that a reply may be
 * thought of; it goes on after all; it is over, with the `final` that says so.
 */
export type TurnMark = 'begun' | 'ending' | 'resumed' | 'over';

/**
 * What a recogniser tells. Order: any number of `partial`, each in place of the one before, then one `final` for the
 * stretch of speech; `flush()` asks for the final of what was written so far. A stretch in which nothing was understood
 * ends with a `final` of empty text; `rejected` says that something was said which it does not understand.
 */
export type RecognizerEvent =
  | {
      readonly type: 'partial';
      readonly text: string;
      readonly words: readonly Word[];
      /** What changed in the turn, where the recogniser judges turns: never `over`. */
      readonly turn?: TurnMark;
    }
  | {
      readonly type: 'final';
      readonly text: string;
      /** Empty where the model has no word times. */
      readonly words: readonly Word[];
      readonly start: Micros;
      readonly end: Micros;
      readonly rejected?: boolean;
      /** `over`, where the recogniser judges turns. */
      readonly turn?: TurnMark;
    };

/** Speech to text: a model whose sessions are written sound, and tell words, so far and in full. */
export interface Recognizer<Settings = unknown>
  extends VoiceModel<'recognizer', AudioFrame, RecognizerEvent, Settings> {
  readonly accepts: Accepts;
  /** How long after the last voiced sample its final comes, in milliseconds of media: turn strategies wait for it. */
  readonly latencyMs: number;
  /** Whether words have times. */
  readonly words: boolean;
  /**
   * Whether it judges by itself when a turn is over. Then nobody asks it for a final at the end of speech, and `latencyMs`
   * says how long after the last voiced sample a turn that is clearly over is told. Default false.
   */
  readonly turns?: boolean;
}

export type RecognizerSession<Settings = unknown> = VoiceSession<AudioFrame, RecognizerEvent, Settings>;
