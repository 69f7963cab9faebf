import type { ReadJob } from '../store/job-record.ts';

/** Jobs as they were read, by whose they were. */
export class JobsByWorker {
  readonly #jobs = new Map<string, ReadJob[]>();

  get workers(): Iterable<string> {
    return this.#jobs.keys();
  }

  add(worker: string, held: ReadJob): void {
    const jobs = this.#jobs.get(worker);
    if (jobs === undefined) this.#jobs.set(worker, [held]);
    else jobs.push(held);
  }

  of(worker: string): readonly ReadJob[] {
    return this.#jobs.get(worker) ?? [];
  }
}
