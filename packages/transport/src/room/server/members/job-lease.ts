/** Which job a bot does, and under which number of its fleet. */
export interface JobLease {
  readonly job: string;
  readonly revision: number;
  /** The one before goes when this one takes its place, and not before. */
  readonly standby?: boolean | undefined;
}
