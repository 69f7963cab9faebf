import type { AudioFrame } from '../media/audio-frame.ts';
import type { Micros } from '../time/units.ts';
import type { Message, Tool, ToolCall } from './language-model.ts';
import type { Accepts, VoiceModel, VoiceSession } from './model.ts';

/** What is written to a speech model. */
export type SpeechModelItem =
  /** What the person says, silence included: the model counts time by it. The frame stays the caller's. */
  | { readonly type: 'audio'; readonly frame: AudioFrame }
  /** What it is told first of all, and what it may call. Holds until the next. */
  | { readonly type: 'brief'; readonly system?: string; readonly tools?: readonly Tool[] }
  /** A line for its context: of an earlier session, or of something that was not said aloud. It is not answered. */
  | { readonly type: 'message'; readonly message: Message }
  /** The person's turn is over: for a model that does not detect it, and for one that waits for too long. */
  | { readonly type: 'turn-over' }
  /** Asks for a reply to the context so far. */
  | SpeechReplyRequest
  /** What a tool said, for the context. It is not answered before the next `respond`. */
  | { readonly type: 'tool-result'; readonly callId: string; readonly text: string }
  /** So much of a reply was heard, in milliseconds from its first sample: the rest leaves the context. */
  | { readonly type: 'heard'; readonly id: string; readonly heardMs: number };

/** Asks for a reply. */
export interface SpeechReplyRequest {
  readonly type: 'respond';
  /** Chosen by who asks; its events carry it. */
  readonly id: string;
  readonly epoch: number;
  /** For this reply alone, beside the brief. */
  readonly instructions?: string;
}

/** What the model tells of a reply. */
export type SpeechReplyEvent = { readonly id: string; readonly epoch: number } & (
  | { readonly type: 'reply-started' }
  | {
      readonly type: 'audio';
      /** Interleaved; the receiver's from now on. */
      readonly samples: Int16Array;
      readonly sampleRate: number;
      readonly channels: number;
    }
  /** More of what it says in `audio`, in words; may end in half a word. */
  | { readonly type: 'text'; readonly text: string }
  | ({ readonly type: 'tool-call' } & ToolCall)
  | { readonly type: 'finished' }
  | { readonly type: 'failed'; readonly error: Error }
);

/** What the model tells of the person. `turn` is the model's name for what they say from one pause to the next. */
export type SpeechTurnEvent = { readonly turn: string } & (
  | {
      readonly type: 'speech';
      readonly speaking: boolean;
      /** The first voiced sample, or the first after the last voiced one, in the time of the frames that were written. */
      readonly at: Micros;
    }
  /** They are done: it may be answered. Comes once a turn. */
  | { readonly type: 'turn-over' }
  /** Their words, so far or in full, each in place of the one before. May come long after `turn-over`, or never. */
  | { readonly type: 'transcript'; readonly text: string; readonly final: boolean }
);

/**
 * What a speech model tells. Order of a reply: `reply-started`, any number of `audio`, `text` and `tool-call`, then exactly
 * one `finished` or `failed`; replies one after the other. What is cancelled gets neither. The sound of a reply comes as fast as the
 * model makes it, which is faster than it is heard. Order of a turn: `speech` and its end, `turn-over`; `transcript` at any time.
 */
export type SpeechModelEvent = SpeechReplyEvent | SpeechTurnEvent;

/** Speech to speech: a model that hears a person and answers with a voice. */
export interface SpeechModel<Settings = unknown>
  extends VoiceModel<'speech-model', SpeechModelItem, SpeechModelEvent, Settings> {
  readonly accepts: Accepts;
  /** What its audio is. */
  readonly produces: { readonly sampleRate: number; readonly channels: number };
  /** From the end of a turn to the first samples of the reply, in milliseconds, as measured once. */
  readonly latencyMs: number;
  /** Whether it tells `speech` and `turn-over` by itself; otherwise it waits to be told of the end of a turn. */
  readonly detectsTurns: boolean;
  /** How late it tells that somebody has ceased to speak, in milliseconds; 0 if it does not tell. */
  readonly silenceMs: number;
  /** Whether it tells the person's words. */
  readonly transcribes: boolean;
}

export type SpeechModelSession<Settings = unknown> = VoiceSession<SpeechModelItem, SpeechModelEvent, Settings>;
