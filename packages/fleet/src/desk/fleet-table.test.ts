import { expect, it } from 'vitest';
import type { JobRecord } from '../store/job-record.ts';
import { fleetTable } from './fleet-table.ts';

const limits = { lagMs: 100, cpu: 1, memoryMb: 1000 };
const worker = (name: string, bots: number, draining = false, alone = false) => ({
  worker: name,
  revision: 1,
  leaseMs: 2000,
  factories: [],
  draining,
  load: { bots, capacity: 4, lagMs: 2.4, cpu: 0.126, memoryMb: 88.2, limits, alone, stuck: alone ? 2 : 0 },
});
const job = (name: string, state: JobRecord['state'], of: string | null): JobRecord => ({
  job: name,
  factory: 'any',
  input: null,
  state,
  worker: of,
  from: null,
  tries: 1,
  losses: 0,
  at: 0,
  waitMs: 1,
  moveFailure: null,
  error: null,
});

it('shows the fullest first, with its jobs, and counts the others', () => {
  const jobs = [job('one', 'running', 'b-1'), job('two', 'starting', 'b-1'), job('three', 'queued', null)];
  expect(fleetTable([worker('a-1', 1, true, true), worker('b-1', 2)], jobs).split('\n')).toEqual([
    'worker  bots  cpu   lag   memory                                    jobs',
    'b-1     2/4   0.13  2 ms  88 MiB                                    one (two)',
    'a-1     1/4   0.13  2 ms  88 MiB  drains, 2 stuck, children unseen',
    '1 queued, 1 running, 0 failed',
  ]);
});
