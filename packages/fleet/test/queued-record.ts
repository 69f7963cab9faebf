import type { JobRecord } from '../src/store/job-record.ts';

/** A job as somebody dispatches it of whom nobody has heard yet, of a factory that nobody has. */
export function queuedRecord(job: string, more: Partial<JobRecord> = {}): JobRecord {
  return {
    job,
    factory: 'none',
    input: null,
    state: 'queued',
    worker: null,
    from: null,
    moveFailure: null,
    error: null,
    tries: 0,
    losses: 0,
    at: Date.now(),
    waitMs: 60_000,
    ...more,
  };
}
