// What a local server hears and says in a Realtime session. Shapes of a script; the wire is elsewhere.

import type { HeardSound, Transcript } from '../audio/speech-script.ts';

/** An item of the server's conversation: what its model believes was said. */
export interface RealtimeItem {
  /** Given by the server, unique in its session. */
  readonly id: string;
  /** Something said, a tool that was called, or what the tool gave. */
  readonly type: 'message' | 'function_call' | 'function_call_output';
  /** Whose it is, of what was said. */
  readonly role?: 'system' | 'user' | 'assistant';
  /** What it says in words; empty once its sound was truncated, as the service no longer knows them then. */
  text: string;
  /** Of an item that was spoken: what is left of its sound, in milliseconds. */
  audioMs?: number;
  /** Of a call and of what its tool gave: by which the two belong together. */
  readonly callId?: string;
  /** Of a call: the tool's. */
  readonly name?: string;
}

/** What the server answers: a text that it says, a tool that it calls, or both in this order. */
export type RealtimeReply =
  | string
  | {
      /** What it says before the call. Default: nothing. */
      readonly text?: string;
      /** The tool that it calls. Arguments as JSON; a text as it is, so that it may be none. */
      readonly call: { readonly name: string; readonly arguments: Readonly<Record<string, unknown>> | string };
    };

/**
 * What goes wrong with one reply. `slow` begins after `slowMs`; `half` never ends; `close` closes in the middle of a word;
 * `unknown` tells of things that nobody knows; `error` is an error event in place of the reply; `failed` a reply that failed;
 * `expired` ends the session as after an hour; `flood` sends sound without end or measure; `wrong-format` sends bytes in place of events.
 */
export type RealtimeFault =
  | 'slow'
  | 'half'
  | 'close'
  | 'unknown'
  | 'error'
  | 'failed'
  | 'expired'
  | 'flood'
  | 'wrong-format';

/** What a speech model of {@link startOpenAiServer} hears and answers. */
export interface RealtimeScript {
  /** What each turn says in words, over all sessions; further ones say nothing. Or what hears: `heardBy(recognizer)`. */
  readonly hears?: readonly string[] | ((sound: HeardSound) => Transcript | Promise<Transcript>);
  /** What it answers to its conversation. `instructions` are those of the request. Default: the last text again. */
  readonly reply?: (items: readonly RealtimeItem[], instructions: string | undefined) => RealtimeReply;
  /** How a text sounds: samples at 24 kHz. Default: a tone of 250 ms a word, and a pause of 50. */
  readonly voice?: (text: string) => Int16Array | Promise<Int16Array>;
  /** Of the machine's time between two pieces of 100 ms of a reply. Default 0. */
  readonly pieceMs?: number;
  /** Of the machine's time before a reply that is `slow`. Default 300. */
  readonly slowMs?: number;
  /** What goes wrong with the n-th reply, over all sessions. */
  readonly fault?: (reply: number) => RealtimeFault | undefined;
}
