/** Where the bytes of a container go. */
export interface ByteTarget {
  /** For messages, and for the result. */
  readonly name: string;
  /** Undefined for a stream. */
  readonly path: string | undefined;
  /** Whether what was written can be written over. */
  readonly seekable: boolean;
  /** Before the first bytes. Throws `SLUICE_CONTAINER_WRITE` for what is being read. */
  begin(): Promise<void>;
  /** Resolves when more may come. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** All is written. */
  end(): Promise<void>;
  /** Gives it back as it is; `whole` says whether what stands there is in order. */
  abort(whole: boolean): Promise<void>;
}
