// The parts of a conversation: who speaks and when, what was said, what to say and what of it was heard. Models come
// from outside; nothing here knows one, nor a call.

import { type Frame, type Micros, micros } from '@sluice/core';
import type { TurnMark, Word } from '@sluice/core/voice';

/** Somebody began or ceased to speak: what `vad` tells, some frames after it happened. */
export interface SpeechFrame extends Frame {
  readonly kind: 'speech';
  /** True where somebody begins to speak, false where they cease. */
  readonly speaking: boolean;
  /** Media time of the first voiced sample, or of the first after the last voiced one. Equals `timestamp`. */
  readonly at: Micros;
  /** Media time of the last sample that was needed to know it. */
  readonly toldAt: Micros;
  /** `at` on the graph's clock, in milliseconds. */
  readonly atMs: number;
}

/** What somebody says, so far (`final: false`, replaced by the next) or in full: what `transcribe` tells. */
export interface TranscriptFrame extends Frame {
  readonly kind: 'transcript';
  /** All that was understood of this stretch of speech. */
  readonly text: string;
  /** In the media time of the sound; empty if the recogniser has no word times. */
  readonly words: readonly Word[];
  /** False: so far, and the next one replaces it. */
  readonly final: boolean;
  /** Something was said that is not understood. */
  readonly rejected: boolean;
  /** Media time up to which it is told, in microseconds. */
  readonly end: Micros;
  /** `end` on the graph's clock, in milliseconds; `transcribe` tells it. */
  readonly endMs?: number;
  /** What changed in the turn, as a recogniser says that judges turns. */
  readonly turn?: TurnMark;
}

/** Something to be said: a sentence of an utterance. */
export interface SayFrame extends Frame {
  readonly kind: 'say';
  /** What is said. */
  readonly text: string;
  /** What it is part of: receipts and words go by it. */
  readonly utterance: string;
}

/** How saying it goes: each word with its time, then the end. */
export type SpokenFrame = Frame & {
  readonly kind: 'spoken';
  /** The id of what is being said. */
  readonly utterance: string;
} & (
    | {
        readonly event: 'word';
        /** Where it stands in the text, in UTF-16 units. */
        readonly from: number;
        /** Where it ends in the text, in UTF-16 units. */
        readonly to: number;
        /** In milliseconds from the first sample of the utterance. */
        readonly startMs: number;
        /** The end of its last sample, counted in the same way. */
        readonly endMs: number;
      }
    | { readonly event: 'begun' }
    | {
        readonly event: 'finished';
        /** The whole of it, in milliseconds of sound. */
        readonly durationMs: number;
      }
    | {
        readonly event: 'failed';
        /** Why the synthesizer could not say it. */
        readonly error: Error;
      }
  );

/** A frame that has a text said: `utterance` is what its receipt and its words go by. */
export function sayFrame(utterance: string, text: string): SayFrame {
  return { kind: 'say', timestamp: micros(0), utterance, text };
}
