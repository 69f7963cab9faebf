import { RefusalError } from '../refusal.ts';
import type { JobLease } from './job-lease.ts';
import type { Member } from './member.ts';
import type { Roster } from './roster.ts';

/** So many jobs are remembered in a room; the oldest are forgotten first. */
const MOST = 1000;

/** One bot of a job has its place at a time, the one with the higher number, in whichever order they come. One more may stand by. */
export class JobLeases {
  readonly #roster: Roster;
  /** Of each job the number of the last who took its place. */
  readonly #taken = new Map<string, number>();

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /**
   * Those who go for somebody who comes in.
   *
   * @throws RefusalError where a higher number is, or was, here
   */
  goneFor(lease: JobLease | undefined): readonly Member[] {
    if (lease === undefined) return [];
    const { job, revision, standby = false } = lease;
    const present = this.#of(job);
    const standing = present.filter(({ isStandby }) => isStandby);
    const taken = this.#taken.get(job) ?? 0;
    const highest = standby ? Math.max(taken, ...standing.map((one) => one.lease!.revision)) : taken;
    if (highest > revision)
      throw new RefusalError('replaced', `a later bot has the job ${job}: ${highest} is above ${revision}`);
    return standby ? standing : present.filter((one) => one.lease!.revision <= revision);
  }

  /** A bot has its place from now on. Returns those who go for it. */
  take(bot: Member): readonly Member[] {
    const { job, revision } = bot.lease!;
    bot.isStandby = false;
    this.#taken.delete(job);
    this.#taken.set(job, revision);
    if (this.#taken.size > MOST) this.#taken.delete(this.#taken.keys().next().value!);
    return this.#of(job).filter((one) => one !== bot && one.lease!.revision <= revision);
  }

  #of(job: string): readonly Member[] {
    return [...this.#roster].filter(({ lease }) => lease?.job === job);
  }
}

/** How many places these take: who stands beside the one whose place it will have needs none of its own. */
export function placesOf(members: readonly Pick<Member, 'lease' | 'isStandby'>[]): number {
  const held = new Set(members.filter(({ isStandby }) => !isStandby).map(({ lease }) => lease?.job));
  return members.filter(({ lease, isStandby }) => !(isStandby && held.has(lease?.job))).length;
}
