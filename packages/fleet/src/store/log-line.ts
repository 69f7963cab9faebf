/** A line of a job's log. */
export interface LogLine {
  /** In milliseconds since 1970, by the clock of the worker. */
  readonly at: number;
  /** Who wrote it: a job that moved has lines of several. */
  readonly worker: string;
  /** Without its line break. */
  readonly line: string;
}
