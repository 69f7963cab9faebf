import type { VoiceModel, VoiceSession } from './model.ts';

/** A tool that a model wants to be run. */
export interface ToolCall {
  /** Chosen by the model; the result carries it. */
  readonly callId: string;
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/**
 * A line of the conversation, as the model sees it: what was heard, not what was planned. A line of the assistant carries
 * the tools that it asked for; the result of each follows it before anything else is said. `name` says who of several
 * people it was.
 */
export type Message =
  | { readonly role: 'system'; readonly text: string }
  | { readonly role: 'user'; readonly text: string; readonly name?: string }
  | { readonly role: 'assistant'; readonly text: string; readonly calls?: readonly ToolCall[] }
  | { readonly role: 'tool'; readonly callId: string; readonly text: string };

/** Something the model may ask to be done, as it is told of it. What an agent runs for it is its `tools`. */
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
  | ({ readonly type: 'tool-call'; readonly id: string; readonly epoch: number } & ToolCall)
  | { readonly type: 'finished'; readonly id: string; readonly epoch: number }
  | { readonly type: 'failed'; readonly id: string; readonly epoch: number; readonly error: Error };

/** A conversation so far to a reply, word by word. */
export interface LanguageModel<Settings = unknown>
  extends VoiceModel<'language-model', ReplyRequest, LanguageModelEvent, Settings> {
  /** How long the first word takes, in milliseconds, as measured once. */
  readonly latencyMs: number;
}

export type LanguageModelSession<Settings = unknown> = VoiceSession<ReplyRequest, LanguageModelEvent, Settings>;
