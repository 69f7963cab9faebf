// What a process that speaks and the one that asks it say to each other. No code.

/** A few words to speak, as they go to flite. */
export interface SpeakMessage {
  readonly id: number;
  readonly voice: string;
  /** Of all durations; 2 is half as fast. */
  readonly stretch: number;
  /** In flite's letters (ASCII), without white space at their ends. One may stand for several spoken words. */
  readonly tokens: readonly string[];
}

/** When a token sounds, in seconds from the first sample. */
export interface TokenTime {
  /** Its place in the list of tokens. */
  readonly token: number;
  readonly start: number;
  readonly end: number;
}

export interface Speech {
  /** 16 kHz, mono. */
  readonly samples: Int16Array;
  readonly times: readonly TokenTime[];
}

export type ChildMessage =
  | { readonly type: 'ready' }
  | ({ readonly type: 'speech'; readonly id: number } & Speech)
  | { readonly type: 'refused'; readonly id: number; readonly reason: string };
