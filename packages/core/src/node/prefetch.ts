import type { PrefetchProgress } from '../voice/model.ts';

export type { PrefetchProgress };

/** What is given to a node that fetches what it needs before it runs. */
export interface PrefetchContext {
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal;
  /** To be called as bytes come, as often as is convenient. */
  readonly onProgress: (progress: PrefetchProgress) => void;
}
