import type { JobLease } from './job-lease.ts';

/** A participant that says which job it does. */
export interface JobHolder {
  /** Of the participant. */
  readonly id: string;
  /** ISO 8601, by its own word. */
  readonly joinedAt: string;
  readonly lease: JobLease;
}

/** Which bots of a room nobody is to hear, since a later one has their job: whoever listens keeps to it, whether they leave or not. */
export class JobFence {
  readonly #own: readonly JobHolder[];
  #replaced: ReadonlySet<string> = new Set();

  /** @param own what we do ourselves. */
  constructor(own?: JobHolder) {
    this.#own = own === undefined ? [] : [own];
  }

  isReplaced(id: string): boolean {
    return this.#replaced.has(id);
  }

  /** The others who are there now. Returns of whom it is otherwise than before. */
  update(others: readonly JobHolder[]): readonly string[] {
    const holders = [...others, ...this.#own];
    const latest = new Map<string, JobHolder>();
    for (const one of holders) {
      const former = latest.get(one.lease.job);
      if (former === undefined || isLater(one, former)) latest.set(one.lease.job, one);
    }
    const former = this.#replaced;
    this.#replaced = new Set(holders.filter((one) => latest.get(one.lease.job) !== one).map(({ id }) => id));
    return [...new Set([...former, ...this.#replaced])].filter((id) => former.has(id) !== this.#replaced.has(id));
  }
}

/** The same for everybody, in whatever order they see them: ids decide where nothing else does. */
function isLater(one: JobHolder, other: JobHolder): boolean {
  if (one.lease.revision !== other.lease.revision) return one.lease.revision > other.lease.revision;
  if (one.joinedAt !== other.joinedAt) return one.joinedAt > other.joinedAt;
  return one.id > other.id;
}
