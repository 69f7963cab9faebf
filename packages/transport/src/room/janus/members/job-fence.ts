import type { JobLease } from './job-lease.ts';

/** A participant that says which job it does. */
export interface JobHolder {
  /** Of the participant. */
  readonly id: string;
  /** ISO 8601, by its own word. */
  readonly joinedAt: string;
  readonly lease: JobLease;
}

/** Which bots of a room nobody is to hear, since another one has their job: whoever listens keeps to it, whether they leave or not. */
export class JobFence {
  readonly #own: () => JobHolder | undefined;
  #replaced: ReadonlySet<string> = new Set();
  #waiting: ReadonlySet<string> = new Set();

  /** @param own what we do ourselves. */
  constructor(own: () => JobHolder | undefined = () => undefined) {
    this.#own = own;
  }

  /** A later one has its job. */
  isReplaced(id: string): boolean {
    return this.#replaced.has(id);
  }

  /** It stands by, and will be heard when it begins: not before the one that has the place. */
  isWaiting(id: string): boolean {
    return this.#waiting.has(id);
  }

  /** The others who are there now. Returns of whom it is otherwise than before. */
  update(others: readonly JobHolder[]): readonly string[] {
    const own = this.#own();
    const holders = own === undefined ? others : [...others, own];
    const latest = new Map<string, JobHolder>();
    for (const one of holders) {
      const former = latest.get(one.lease.job);
      if (former === undefined || isLater(one, former)) latest.set(one.lease.job, one);
    }
    const former = this.#replaced;
    const passedOver = holders.filter((one) => latest.get(one.lease.job) !== one);
    const waits = ({ lease }: JobHolder) => standsBy(lease) && !standsBy(latest.get(lease.job)?.lease);
    this.#waiting = new Set(passedOver.filter(waits).map(({ id }) => id));
    this.#replaced = new Set(passedOver.filter((one) => !waits(one)).map(({ id }) => id));
    return [...new Set([...former, ...this.#replaced])].filter((id) => former.has(id) !== this.#replaced.has(id));
  }
}

/** The same for everybody, in whatever order they see them: ids decide where nothing else does. */
function isLater(one: JobHolder, other: JobHolder): boolean {
  if (standsBy(one.lease) !== standsBy(other.lease)) return standsBy(other.lease);
  if (one.lease.revision !== other.lease.revision) return one.lease.revision > other.lease.revision;
  if (one.joinedAt !== other.joinedAt) return one.joinedAt > other.joinedAt;
  return one.id > other.id;
}

function standsBy(lease: JobLease | undefined): boolean {
  return lease?.standby === true;
}
