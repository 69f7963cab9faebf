/** What reads bytes of strangers. */
export interface FuzzTarget {
  readonly name: string;
  /** What of the product it is, in a few words for the table. */
  readonly reads: string;
  /** Inputs to begin with, made by our own writers where there are any. */
  readonly seeds: () => readonly (Uint8Array | string)[] | Promise<readonly (Uint8Array | string)[]>;
  /**
   * Reads an input. What it throws is a finding unless it is one of our errors; so is a promise of the reader that does not
   * hold, which it throws as an `AssertionError`.
   */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  /** Whether an error belongs to the documented ones beside `SluiceError` and our `TypeError` and `RangeError`. */
  readonly documents?: (error: Error) => boolean;
  /** The longest input in bytes. Default 4,096. */
  readonly maxBytes?: number;
  /** Paths of the product whose blocks guide the search. Default: those of all packages. */
  readonly guides?: RegExp;
  /** Words for the dictionary beside those of its scripts. */
  readonly words?: readonly string[];
}
