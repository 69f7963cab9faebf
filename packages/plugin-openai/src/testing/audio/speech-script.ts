// What a local server hears and says. Shapes of a script; the wire is elsewhere.

import type { Synthesizer } from '@sluice/core/voice';

/** What is to be spoken, as it came over the wire. */
export interface SpokenRequest {
  readonly input: string;
  readonly model: string;
  readonly voice: string;
  readonly instructions?: string;
  readonly speed?: number;
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
  readonly model: string;
  /** All other fields of the form. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What was said; times in seconds from the first sample. */
export type Transcript =
  | string
  | {
      readonly text: string;
      readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
    };
