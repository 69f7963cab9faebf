/** Paths of what was written of a run. */
export interface Artifacts {
  /** Stereo: left what people said, right what the first of them heard of the agent. Absent where nobody spoke. */
  readonly sound?: string;
  /** JSON lines. */
  readonly log: string;
  /** What failed, when, and all that happened. */
  readonly report: string;
}
