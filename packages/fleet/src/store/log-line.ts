/** A line of a job's log. */
export interface LogLine {
  /** In milliseconds since 1970, by the clock of the worker. */
  readonly at: number;
  readonly worker: string;
  readonly line: string;
}
