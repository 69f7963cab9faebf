import type { VoiceModel, VoiceSession } from './model.ts';

/** Something to say. */
export interface SpeechRequest {
  /** Chosen by who asks; its events carry it. */
  readonly id: string;
  readonly epoch: number;
  readonly text: string;
}

/**
 * What a synthesizer tells. Order: requests one after the other; of each the `audio` in order, its `word`s in order and
 * before the end, then exactly one `finished` or `failed`. What is cancelled gets neither.
 */
export type SynthesizerEvent =
  | {
      readonly type: 'audio';
      readonly id: string;
      readonly epoch: number;
      /** Interleaved; the receiver's from now on. */
      readonly samples: Int16Array;
      readonly sampleRate: number;
      readonly channels: number;
    }
  | {
      readonly type: 'word';
      readonly id: string;
      readonly epoch: number;
      /** Where it stands in the text of the request, in UTF-16 units. */
      readonly from: number;
      readonly to: number;
      /** When it sounds, in milliseconds from the first sample of the request. */
      readonly startMs: number;
      readonly endMs: number;
    }
  | { readonly type: 'finished'; readonly id: string; readonly epoch: number }
  | { readonly type: 'failed'; readonly id: string; readonly epoch: number; readonly error: Error };

/** Text to speech: a model whose sessions are asked for sentences, and tell sound, and when each word sounds where it knows that. */
export interface Synthesizer<Settings = unknown>
  extends VoiceModel<'synthesizer', SpeechRequest, SynthesizerEvent, Settings> {
  /** What its audio is. */
  readonly produces: { readonly sampleRate: number; readonly channels: number };
  /** How long the first samples of a short sentence take, in milliseconds, as measured once. */
  readonly latencyMs: number;
  /** Whether it tells when each word sounds; otherwise word times are estimated from the letters. */
  readonly words: boolean;
}

export type SynthesizerSession<Settings = unknown> = VoiceSession<SpeechRequest, SynthesizerEvent, Settings>;
