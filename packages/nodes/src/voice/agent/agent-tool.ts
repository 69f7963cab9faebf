/** What a tool may know of the reply that it is called for. */
export interface ToolContext {
  /** Aborts when the reply is given up, when the tool has taken too long, and when the agent ends. */
  readonly signal: AbortSignal;
  /** Tells how far it has come, as an event; with `say` it is said too, unless somebody speaks. Afterwards it does nothing. */
  readonly progress: (text: string, options?: { readonly say?: boolean }) => void;
}

/** Something the model may have done in a conversation: what it is told of it, and the function that does it. */
export interface AgentTool {
  /** What it does and when it is of use: all by which the model chooses. */
  readonly description: string;
  /** JSON Schema of its arguments: what is required and of which type is checked before it runs. Default: none. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The longest it may take, in milliseconds. Default: the agent's `bounds.toolMs`; in the background 600,000. */
  readonly maxMs?: number;
  /**
   * Whether the conversation goes on meanwhile: the model is told that it has begun, and is asked for a reply to the result
   * when it has come and nobody speaks. An interruption does not end it. A `realtimeAgent` waits for it like for others. Default false.
   */
  readonly background?: boolean;
  /** What it returns is told to the model, as is the message of what it throws. */
  readonly run: (args: Readonly<Record<string, unknown>>, context: ToolContext) => string | Promise<string>;
}
