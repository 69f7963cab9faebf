import type { SoundPieces } from './sound-pieces.ts';

/** Times of what somebody else decoded, or that are coarser than samples, are believed when they are off by more, in seconds. */
const COARSE_S = 0.04;

/** Samples of the part that is played. */
export interface SoundStretch {
  /** Interleaved. Valid until the next call. */
  readonly samples: Int16Array;
  /** Samples per channel that are missing before them. */
  readonly missing: number;
}

/** Which part of a track is played, in samples. */
export interface PartOptions {
  readonly sampleRate: number;
  readonly channels: number;
  readonly start: number;
  /** May be Infinity. */
  readonly end: number;
  /** Whether times are as fine as samples. */
  readonly exact: boolean;
  /** How many samples there are, where pieces hold more than that; asked when they are. */
  readonly most: () => number | undefined;
}

/** A part of a track: each sample at its place, from the first to the last that is asked for, and what is missing told. */
export class SoundPart {
  readonly #pieces: SoundPieces;
  readonly #options: PartOptions;
  readonly #tolerance: number;
  /** Where the next sample belongs. */
  #at = 0;
  #begun = false;
  #missing = 0;
  #cut = false;

  constructor(pieces: SoundPieces, options: PartOptions) {
    this.#pieces = pieces;
    this.#options = options;
    this.#tolerance = options.exact ? 1 : Math.round(options.sampleRate * COARSE_S);
  }

  /** Where the last sample ended that was seen, whether it is in the part or not. */
  get reached(): number {
    return this.#at;
  }

  /** Whether a piece was not there that the file has in its index. */
  get cut(): boolean {
    return this.#cut;
  }

  /** Undefined at the end. */
  async next(): Promise<SoundStretch | undefined> {
    const { start, channels } = this.#options;
    for (;;) {
      const piece = await this.#pieces.next();
      if (piece === undefined) return undefined;
      this.#place(piece.at);
      const first = this.#at;
      this.#at += piece.length;
      if (first >= this.#end()) return undefined;
      if (this.#at <= start) continue;
      const samples = await this.#pieces.samples();
      if (samples.length < piece.length * channels) {
        this.#at = first;
        this.#cut = true;
        return undefined;
      }
      const from = Math.max(0, start - first);
      // How many there are may be known only now.
      const to = Math.min(piece.length, this.#end() - first);
      if (to <= from) return undefined;
      const missing = this.#missing;
      this.#missing = 0;
      return { samples: samples.subarray(from * channels, to * channels), missing };
    }
  }

  close(): void | Promise<void> {
    return this.#pieces.close();
  }

  #end(): number {
    return Math.min(this.#options.end, this.#options.most() ?? Number.POSITIVE_INFINITY);
  }

  /** Moves on to where a piece belongs, unless that is only a matter of its rounding; never back, but for what is before the zero. */
  #place(at: number): void {
    const { start } = this.#options;
    if (!this.#begun && at < 0) this.#at = at;
    this.#begun = true;
    if (at - this.#at <= this.#tolerance) return;
    this.#missing += Math.max(0, at - Math.max(this.#at, start));
    this.#at = at;
  }
}
