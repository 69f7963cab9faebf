import type { InspectedJob, InspectedWorker, WorkerLoadRow } from '../../protocol/fleets.ts';
import { writeCount, writeMs } from '../figures/written.ts';
import { Headings } from '../strips/headings.tsx';

export interface WorkersTableProps {
  readonly workers: readonly InspectedWorker[];
  readonly jobs: readonly InspectedJob[];
}

/** How full each worker is, what is scarce on it, and which bots it has. */
export function WorkersTable({ workers, jobs }: WorkersTableProps) {
  if (workers.length === 0) return <p class="quiet">No worker was heard in the last two seconds.</p>;
  return (
    <table>
      <caption>{workers.length === 1 ? 'One worker' : `${workers.length} workers`}</caption>
      <Headings titles={['Worker', 'Bots', 'Cores', 'Late', 'Memory', 'Makes', 'Has']} />
      <tbody>
        {workers.map(({ worker, factories, draining, load }) => (
          <tr key={worker}>
            <th scope="row">
              {worker}
              {draining ? <span class="quiet"> drains</span> : null}
            </th>
            {loadsOf(load).map(({ name, share, text }) => (
              <td key={name} class={share >= 1 ? 'full' : share >= NEARLY ? 'nearly' : ''}>
                <Gauge share={share} />
                {text}
              </td>
            ))}
            <td>{factories.join(', ')}</td>
            <td>{hasOf(worker, jobs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** From which share of a limit on it is told. */
const NEARLY = 0.8;

function loadsOf({ bots, capacity, cpu, lagMs, memoryMb, limits }: WorkerLoadRow) {
  return [
    { name: 'bots', share: bots / capacity, text: `${bots} of ${capacity}` },
    { name: 'cpu', share: cpu / limits.cpu, text: `${cpu.toFixed(2)} of ${limits.cpu}` },
    { name: 'lag', share: lagMs / limits.lagMs, text: writeMs(lagMs) },
    { name: 'memory', share: memoryMb / limits.memoryMb, text: `${writeCount(memoryMb)} MiB` },
  ];
}

function Gauge({ share }: { readonly share: number }) {
  return (
    <span class="gauge" aria-hidden="true">
      <span style={{ width: `${100 * Math.min(Math.max(share, 0), 1)}%` }} />
    </span>
  );
}

/** In brackets what does not run there yet, or only until the next worker has it. */
function hasOf(worker: string, jobs: readonly InspectedJob[]): string {
  return jobs
    .filter((job) => job.worker === worker || job.from === worker)
    .map(({ job, state, worker: at }) => (state === 'running' && at === worker ? job : `(${job})`))
    .join(' ');
}
