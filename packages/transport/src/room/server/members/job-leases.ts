import { RefusalError } from '../refusal.ts';

/** Which job a bot does, and under which number of its fleet. */
export interface JobLease {
  readonly job: string;
  readonly revision: number;
}

/** So many jobs are remembered in a room; the oldest are forgotten first. */
const MOST = 1000;

/** One bot of a job at a time: the higher number is let in and the lower goes, in whichever order they come. */
export class JobLeases {
  readonly #highest = new Map<string, { readonly revision: number; id: string }>();

  /**
   * The id of who has to go for a newcomer to be the only one, where it is still there.
   *
   * @throws RefusalError where a higher number was here
   */
  check({ job, revision }: JobLease): string | undefined {
    const known = this.#highest.get(job);
    if (known === undefined) return undefined;
    if (known.revision > revision)
      throw new RefusalError('replaced', `a later bot has the job ${job}: ${known.revision} is above ${revision}`);
    return known.id;
  }

  take({ job, revision }: JobLease, id: string): void {
    this.#highest.delete(job);
    this.#highest.set(job, { revision, id });
    for (const oldest of this.#highest.keys()) {
      if (this.#highest.size <= MOST) return;
      this.#highest.delete(oldest);
    }
  }
}
