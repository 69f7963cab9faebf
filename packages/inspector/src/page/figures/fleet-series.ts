import type { FleetSample, Fleets } from '../../protocol/fleets.ts';
import type { Series } from './series.ts';
import { writeCount } from './written.ts';

/** What is drawn of a fleet: its name, what it is, the least that its top means. */
const drawn = [
  ['Workers', ({ workers }: FleetSample) => workers.length, 4],
  ['Running', ({ counts }: FleetSample) => counts.running ?? 0, 4],
  ['Waiting', ({ counts }: FleetSample) => (counts.queued ?? 0) + (counts.starting ?? 0), 4],
  ['Cores', ({ workers }: FleetSample) => workers.reduce((sum, { load }) => sum + load.cpu, 0), 1],
] as const;

/** Workers, jobs and load of a fleet over time, in the order in which they are drawn. */
export function fleetSeries(past: readonly Fleets[], fleet: number): readonly Series[] {
  const samples = past.map(({ fleets }) => fleets.find((one) => one.fleet === fleet));
  return drawn.map(([name, read, least]) => {
    const values = samples.map((sample) => (sample === undefined ? null : read(sample)));
    const top = Math.max(least, ...values.map((value) => value ?? 0));
    return { name, values, bottom: 0, top, write: name === 'Cores' ? (cores) => cores.toFixed(2) : writeCount };
  });
}
