// What the thread that speaks and the session that asks it say to each other. No code.

export interface SpeakMessage {
  /** Rising. */
  readonly id: number;
  readonly voice: string;
  /** Words a minute. */
  readonly rate: number;
  readonly tokens: readonly string[];
}

/** When a token sounds, in milliseconds from the first sample. */
export interface TokenTime {
  /** Its place in the list of tokens. */
  readonly token: number;
  readonly startMs: number;
  readonly endMs: number;
}

export type ThreadMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'audio'; readonly id: number; readonly samples: Int16Array }
  | { readonly type: 'spoken'; readonly id: number; readonly times: readonly TokenTime[] }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string };

/** With what a thread starts. */
export interface ThreadData {
  /** Of the module of espeak, to import. */
  readonly moduleUrl: string;
  /** Holds the id up to which nobody wants speech any more: read in mid-sentence. */
  readonly unwanted: Int32Array;
}
