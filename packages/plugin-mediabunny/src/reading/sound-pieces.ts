/** A run of samples as it lies in the container. */
export interface SoundPiece {
  /** Where its first sample belongs, counted in samples from the zero of the file; below 0 is what encoders put before the sound. */
  readonly at: number;
  /** Samples per channel. */
  readonly length: number;
}

/** The pieces of one track, one after the other. */
export interface SoundPieces {
  /** The next piece; undefined at the end. It is not decoded before `samples`. */
  next(): Promise<SoundPiece | undefined>;
  /** Of the piece that came last, interleaved; fewer than it has where the file was cut. Valid until the next call. */
  samples(): Promise<Int16Array>;
  close(): void | Promise<void>;
}
