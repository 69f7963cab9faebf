import { useMemo } from 'preact/hooks';
import type { FleetSample, Fleets } from '../../protocol/fleets.ts';
import { fleetSeries } from '../figures/fleet-series.ts';
import { writeAgo } from '../figures/written.ts';
import { Curves } from '../strips/curves.tsx';
import { Wide } from '../strips/wide.tsx';
import { JobsTable } from './jobs-table.tsx';
import { WorkersTable } from './workers-table.tsx';

/** One fleet: its last minutes as curves, its workers, its jobs. */
export function FleetPanel({ fleet, past }: { readonly fleet: FleetSample; readonly past: readonly Fleets[] }) {
  const series = useMemo(() => fleetSeries(past, fleet.fleet), [past, fleet.fleet]);
  const title = `fleet-${fleet.fleet}`;
  return (
    <article class="card fleet" aria-labelledby={title}>
      <header>
        <h2 id={title}>{fleet.name}</h2>
        <span class="quiet">{countsOf(fleet)}</span>
      </header>
      {fleet.fault === undefined ? null : (
        <p class="refused">
          {fleet.fault}
          {fleet.readAt === null
            ? ''
            : `; its jobs are those of ${writeAgo(Math.max(0, past.at(-1)!.t - fleet.readAt))}`}
        </p>
      )}
      <Curves times={past.map(({ t }) => t)} series={series} />
      <Wide label={`Workers of ${fleet.name}`}>
        <WorkersTable workers={fleet.workers} jobs={fleet.jobs} />
      </Wide>
      <Wide label={`Jobs of ${fleet.name}`}>
        <JobsTable fleet={fleet} now={past.at(-1)!.t} />
      </Wide>
    </article>
  );
}

const states = ['queued', 'starting', 'running', 'failed', 'ended', 'cancelled'];

function countsOf({ counts }: FleetSample): string {
  const told = states.filter((state) => (counts[state] ?? 0) > 0).map((state) => `${counts[state]} ${state}`);
  return told.length === 0 ? 'no jobs' : told.join(' · ');
}
