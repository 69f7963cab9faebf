import { type Cancel, type Clock, SluiceError } from '@sluice/core';
import { JobFence, type JobHolder } from './job-fence.ts';
import { hasToGo, type JobLease } from './job-lease.ts';
import { denied, type OwnCard } from './own-card.ts';
import type { Roster } from './roster.ts';

/** How long the bot before us is waited for, in milliseconds: one whose signalling is cut hears nothing of us, and is heard by nobody of ours. */
const GOES_WITHIN_MS = 1_000;

export interface JobPlaceOptions {
  readonly clock: Clock;
  readonly own: Pick<JobHolder, 'id' | 'joinedAt'>;
  readonly lease: JobLease | undefined;
  readonly roster: Roster;
  readonly card: () => OwnCard;
  /** Has the server remove these participants, where we may have it do so. */
  readonly remove: (ids: readonly string[]) => Promise<void>;
  /** Of whom it is otherwise than before whether they are heard. */
  readonly changed: (ids: readonly string[]) => void;
}

/** The job that we do in a room, and who else does it there. */
export class JobPlace {
  readonly #options: JobPlaceOptions;
  readonly #fence: JobFence;
  #lease: JobLease | undefined;
  /** Those who were seen to stand by. */
  readonly #standing = new Set<string>();
  #taking: Promise<void> | undefined;
  #looks: (() => void)[] = [];
  #isOver = false;

  constructor(options: JobPlaceOptions) {
    const { own, lease } = options;
    this.#options = options;
    this.#lease = lease;
    this.#fence = new JobFence(() => this.#lease && { ...own, lease: this.#lease });
  }

  get lease(): JobLease | undefined {
    return this.#lease;
  }

  /** A later bot has its job: nothing is taken from it. */
  isReplaced(id: string): boolean {
    return this.#fence.isReplaced(id);
  }

  /** It stands by beside another one: what comes of it is not told yet. */
  isWaiting(id: string): boolean {
    return this.#fence.isWaiting(id);
  }

  /** Somebody came, or says something else of itself. Returns of whom it is otherwise than before whether they are heard. */
  update(): readonly string[] {
    return this.#fence.update(this.#options.roster.jobHolders);
  }

  /** The lease for which we have to go, of one who came or begins. */
  givesWayTo(id: string, cameLater: boolean): JobLease | undefined {
    const other = this.#options.roster.leaseOf(id);
    const begins = this.#standing.has(id) && other?.standby !== true;
    if (other?.standby === true) this.#standing.add(id);
    else this.#standing.delete(id);
    return hasToGo(this.#lease, other, cameLater || begins) ? other : undefined;
  }

  /** Somebody left. Returns of whom it is otherwise than before. */
  left(id: string): readonly string[] {
    this.#standing.delete(id);
    this.#look();
    return this.update();
  }

  /**
   * Begins: from now on everybody hears us, and the one before us no more. Resolves when that one is out of the room, or was waited for.
   *
   * @throws `SLUICE_ROOM_DENIED` without a lease; `SLUICE_ROOM_LOST` if we are not in the room any more.
   */
  async take(): Promise<void> {
    if (this.#lease === undefined) throw denied('take-place', 'state', 'it was joined without a lease');
    if (this.#lease.standby === true) this.#taking = this.#begin(this.#lease);
    await this.#taking;
  }

  close(): void {
    this.#isOver = true;
    this.#look();
  }

  async #begin({ job, revision }: JobLease): Promise<void> {
    const { roster, card, remove, changed } = this.#options;
    this.#lease = { job, revision };
    changed(this.update());
    await card().told();
    const former = () => roster.jobHolders.filter((one) => hasToGo(one.lease, this.#lease, true)).map(({ id }) => id);
    await remove(former());
    await this.#until(() => former().length === 0);
    if (this.#isOver) throw new SluiceError('SLUICE_ROOM_LOST', 'the call ended while a bot took its place');
  }

  async #until(condition: () => boolean): Promise<void> {
    const { clock } = this.#options;
    let isLate = false;
    const cancel: Cancel = clock.at(clock.now() + GOES_WITHIN_MS, () => {
      isLate = true;
      this.#look();
    });
    while (!this.#isOver && !isLate && !condition()) await new Promise<void>((resolve) => this.#looks.push(resolve));
    cancel();
  }

  #look(): void {
    for (const look of this.#looks.splice(0)) look();
  }
}
