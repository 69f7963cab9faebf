// What a local server hears and says. Shapes of a script; the wire is elsewhere.

import type { Synthesizer } from '@sluice/core/voice';

/** What is to be spoken, as it came over the wire. */
export interface SpokenRequest {
  /** The text. */
  readonly input: string;
  /** The name of the model that it wants. */
  readonly model: string;
  /** The name of the voice that it wants. */
  readonly voice: string;
  /** How it is to be said, in words. */
  readonly instructions?: string;
  /** How fast, as a multiple; the service allows 0.25 to 4. */
  readonly speed?: number;
  /** The form of the answer; `pcm` is s16 at 24 kHz. */
  readonly response_format?: string;
}

/** Samples of 24 kHz mono, at once or as they are made. */
export type SpokenReply = Int16Array | Iterable<Int16Array> | AsyncIterable<Int16Array>;

/** What speaks: any synthesizer of sluice, or a function. */
export type SpeechScript =
  | Synthesizer<object>
  | ((request: SpokenRequest, signal: AbortSignal) => SpokenReply | Promise<SpokenReply>);

/** A sound in which something may have been said. */
export interface HeardSound {
  /** Mono. */
  readonly samples: Int16Array;
  /** In hertz. */
  readonly sampleRate: number;
}

/** What is to be transcribed, as it came over the wire. */
export interface HeardRequest extends HeardSound {
  /** The name of the model that it wants. */
  readonly model: string;
  /** All other fields of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What was said; times in seconds from the first sample. */
export type Transcript =
  | string
  | {
      /** All of it, as a sentence. */
      readonly text: string;
      /** Its words in their order, with their times. */
      readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
    };
