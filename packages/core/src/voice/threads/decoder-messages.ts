/** A word on the clock of its stretch, in samples. */
export interface HeardWord {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** What a decoder has understood of a stretch of sound. */
export interface Heard {
  readonly text: string;
  readonly words: readonly HeardWord[];
  /** First and last sample of what was said; absent if nothing was. */
  readonly spoken?: { readonly from: number; readonly to: number };
  /** Something was said that the decoder does not understand; such a partial is not told. */
  readonly rejected?: boolean;
}

/**
 * What a plugin's thread does. Samples are mono, at the rate its recogniser accepts. A stretch begins with the first
 * `read`, and ends with `end` or `drop`; the two may come without a `read`.
 */
export interface RecognizerDecoder<SetUp> {
  /** Called before the first stretch and between stretches. What it throws ends the session as `give-up`. */
  use(setUp: SetUp): void;
  /** `tell` what is understood so far, each time that it changed. */
  read(samples: Int16Array, tell: (heard: Heard) => void): void;
  end(): Heard;
  /** Forgets the stretch. */
  drop(): void;
  /** Gives back what does not end with the thread, native memory for one. */
  close?(): void;
}

/** To the thread, taken in order. */
export type ToDecoder =
  | { readonly type: 'use'; readonly setUp: unknown }
  | { readonly type: 'audio'; readonly stretch: number; readonly samples: Int16Array<ArrayBuffer> }
  | { readonly type: 'end'; readonly stretch: number }
  | { readonly type: 'drop' | 'close' };

/** `taken` answers each message once it has been worked through. */
export type FromDecoder =
  | { readonly type: 'taken' }
  | { readonly type: 'partial' | 'final'; readonly stretch: number; readonly heard: Heard }
  | { readonly type: 'refused'; readonly message: string };
