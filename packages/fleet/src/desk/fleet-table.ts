import type { WorkerBeat } from '../leases/worker-beat.ts';
import { fullness, type WorkerLoad } from '../placing/worker-load.ts';
import type { JobRecord } from '../store/job-record.ts';

/**
 * Workers, their load and their jobs as lines of text, the fullest first: what `npm run fleet` shows.
 *
 * @param jobs As `fleet.jobs()` gives them; those that are settled are counted only.
 */
export function fleetTable(workers: readonly WorkerBeat[], jobs: readonly JobRecord[]): string {
  const rows = [...workers]
    .sort((a, b) => fullness(b.load) - fullness(a.load))
    .map(({ worker, load, draining }) => [
      worker,
      `${load.bots}/${load.capacity}`,
      load.cpu.toFixed(2),
      `${load.lagMs.toFixed(0)} ms`,
      `${load.memoryMb.toFixed(0)} MiB`,
      notesOf(load, draining).join(', '),
      jobs
        .filter((job) => job.worker === worker)
        .map(({ job, state }) => (state === 'running' ? job : `(${job})`))
        .join(' '),
    ]);
  const table = [['worker', 'bots', 'cpu', 'lag', 'memory', '', 'jobs'], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  const count = (state: JobRecord['state']) => jobs.filter((job) => job.state === state).length;
  return [...lines, `${count('queued')} queued, ${count('running')} running, ${count('failed')} failed`].join('\n');
}

function notesOf({ alone, stuck = 0 }: WorkerLoad, draining: boolean): string[] {
  return [
    ...(draining ? ['drains'] : []),
    ...(stuck > 0 ? [`${stuck} stuck`] : []),
    ...(alone ? ['children unseen'] : []),
  ];
}
