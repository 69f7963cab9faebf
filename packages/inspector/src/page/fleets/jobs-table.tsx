import type { FleetSample, InspectedJob } from '../../protocol/fleets.ts';
import { writeAgo } from '../figures/written.ts';
import { Headings } from '../strips/headings.tsx';

export interface JobsTableProps {
  readonly fleet: FleetSample;
  /** When it was told, in milliseconds since 1970. */
  readonly now: number;
}

/** Where each job stands, and what went wrong with it. */
export function JobsTable({ fleet: { jobs, counts }, now }: JobsTableProps) {
  if (jobs.length === 0) return null;
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return (
    <table>
      <caption>{all > jobs.length ? `${jobs.length} of ${all} jobs` : all === 1 ? 'One job' : `${all} jobs`}</caption>
      <Headings titles={['Job', 'State', 'Since', 'Factory', 'Worker', 'Begun', 'Lost', 'Why']} />
      <tbody>
        {jobs.map((job) => (
          <tr key={job.job}>
            <th scope="row">{job.job}</th>
            <td class={`state ${job.state}`}>{job.state}</td>
            <td>{writeAgo(Math.max(0, now - job.at))}</td>
            <td>{job.factory}</td>
            <td>{job.from === null ? (job.worker ?? '–') : `${job.from} → ${job.worker ?? '–'}`}</td>
            <td>{job.tries}</td>
            <td>{job.losses}</td>
            <td>{whyOf(job)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function whyOf({ error, moveFailure }: InspectedJob): string {
  const fault = error ?? moveFailure;
  return fault === null ? '' : `${fault.code}: ${fault.message}`;
}
