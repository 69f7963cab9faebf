/** A word on the clock of its stretch, in frames of 10 ms. */
export interface HeardWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What a decoder has understood of a stretch. */
export interface Heard {
  readonly text: string;
  readonly words: readonly HeardWord[];
  /** Between the first and the last phone, or absent if there was no speech. */
  readonly spoken?: { readonly from: number; readonly to: number };
  /** How much worse the grammar explains a spoken frame than any phones do; 0 or more is as good. */
  readonly fit: number;
  /** Whether a sentence of the grammar came to its end. */
  readonly whole: boolean;
}

export interface Vocabulary {
  readonly grammar: string;
  readonly pronunciations: Readonly<Record<string, string>>;
}

/** To the thread, taken in order. Samples are 16 kHz mono. */
export type ToDecoder =
  | { readonly type: 'grammar'; readonly vocabulary: Vocabulary }
  | { readonly type: 'audio'; readonly stretch: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly stretch: number }
  | { readonly type: 'drop' };

/** `taken` answers each message once it has been worked through. */
export type FromDecoder =
  | { readonly type: 'taken' }
  | { readonly type: 'partial' | 'final'; readonly stretch: number; readonly heard: Heard }
  | { readonly type: 'refused'; readonly message: string };
