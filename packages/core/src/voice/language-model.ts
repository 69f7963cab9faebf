import type { VoiceModel, VoiceSession } from './model.ts';

/** A line of the conversation, as the model sees it: what was heard, not what was planned. */
export type Message =
  | { readonly role: 'system' | 'user' | 'assistant'; readonly text: string }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

/** Something the model may ask to be done. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface ReplyRequest {
  readonly id: string;
  readonly epoch: number;
  readonly messages: readonly Message[];
  readonly tools?: readonly Tool[];
}

/**
 * What a language model tells. Order: requests one after the other; of each any number of `text` and `tool-call` as
 * they come, then exactly one `finished` or `failed`. What is cancelled gets neither. A `text` may end in half a word.
 */
export type LanguageModelEvent =
  | { readonly type: 'text'; readonly id: string; readonly epoch: number; readonly text: string }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly epoch: number;
      readonly callId: string;
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
    }
  | { readonly type: 'finished'; readonly id: string; readonly epoch: number }
  | { readonly type: 'failed'; readonly id: string; readonly epoch: number; readonly error: Error };

/** A conversation so far to a reply, word by word. */
export interface LanguageModel<Settings = unknown>
  extends VoiceModel<'language-model', ReplyRequest, LanguageModelEvent, Settings> {
  /** How long the first word takes, in milliseconds, as measured once. */
  readonly latencyMs: number;
}

export type LanguageModelSession<Settings = unknown> = VoiceSession<ReplyRequest, LanguageModelEvent, Settings>;
