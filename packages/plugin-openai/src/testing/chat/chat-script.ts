// What a local server says in a chat. Shapes of a script; the wire is elsewhere.

/** A tool that a scripted reply asks for. */
export interface ChatCall {
  /** Default `call_1` and so on. */
  readonly callId?: string;
  /** Of the tool. */
  readonly name: string;
  /** As JSON; a text as it is, so that it may be none. */
  readonly arguments: Readonly<Record<string, unknown>> | string;
}

/** What the server says: a text, or a text and tools. A text is told in words; a list of texts is told as it stands. */
export type ChatReply =
  | string
  | {
      /** What it says before the calls. Default: nothing. */
      readonly text?: string | readonly string[] | AsyncIterable<string>;
      /** The tools that it asks for, in this order. Default: none. */
      readonly calls?: readonly ChatCall[];
    };

/** A request as it came over the wire. */
export interface ChatRequest {
  /** The name of the model that it wants. */
  readonly model: string;
  /** Whether the answer is to come in events, as it is made. */
  readonly stream?: boolean;
  /** Whether the events are to end with the tokens used. */
  readonly stream_options?: { readonly include_usage?: boolean };
  /** The conversation so far, oldest first. */
  readonly messages: readonly {
    readonly role: string;
    readonly content?: unknown;
    readonly name?: string;
    readonly tool_call_id?: string;
    readonly tool_calls?: readonly unknown[];
  }[];
  /** The tools that it may call. */
  readonly tools?: readonly { readonly function: { readonly name: string } }[];
  readonly [setting: string]: unknown;
}
