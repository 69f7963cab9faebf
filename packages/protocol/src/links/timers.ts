/** Time, as whoever runs this has it. */
export interface Timers {
  /** Milliseconds of any clock. */
  readonly now: () => number;
  /** Calls back after so many milliseconds; what it returns takes that back. */
  readonly after: (ms: number, callback: () => void) => () => void;
}
