/** How far the download of a model has come. */
export interface PrefetchProgress {
  /** Bytes that are here, those of earlier times included. */
  readonly loadedBytes: number;
  /** All bytes, where they are known. */
  readonly totalBytes?: number;
}

/** What is given to a node that fetches what it needs before it runs. */
export interface PrefetchContext {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** To be called as bytes come, as often as is convenient. */
  readonly onProgress: (progress: PrefetchProgress) => void;
}
