/** Takes bytes in order. One write at a time; the bytes are the caller's again when it has settled. */
export interface ByteWriter {
  /** Bytes written so far. */
  readonly bytes: number;
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** Everything has left: closes what was opened here. */
  end(): Promise<void>;
  /** Lets go at once; what was written stays. */
  abort(): void | Promise<void>;
}
