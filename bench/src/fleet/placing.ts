import { fullness } from '@sluice/fleet';
import { percentile } from '../measuring/percentile.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { type Hardships, scenes } from './simulation/hardships.ts';
import { SimulatedFleet } from './simulation/simulated-fleet.ts';

/**
 * 100,000 rooms, and what befalls the fleet that has them, in virtual time: how long they wait for a worker, how often one is asked in
 * vain, how even it gets, and how long rooms are silent whose worker was lost. The same figures on every machine.
 */
export const placing: Bench = {
  name: 'placing',
  run: async (report, { quick }) => {
    for (const scene of scenes) simulate(scene, quick ? 10_000 : 100_000, report);
  },
};

function simulate(scene: Hardships, rooms: number, report: Report): void {
  const fleet = new SimulatedFleet(rooms, scene);
  fleet.run();
  const { jobs, silences, refused, broken } = fleet;
  if (broken.length > 0) throw new Error(`rooms come ${scene.name}: ${broken.length} times ${broken[0]}`);
  const say = (metric: string, value: number, unit: string) =>
    report(`${rooms} rooms ${scene.name}, ${metric}`, value, unit, undefined, 'lower');
  const placed = jobs.map(({ askedAt, ranAt, startMs }) => ranAt! - askedAt - startMs);
  say('p99 to a worker', percentile(placed, 0.99) / 1_000, 's');
  say('the longest', percentile(placed, 1) / 1_000, 's');
  const running = jobs.map(({ askedAt, ranAt }) => ranAt! - askedAt);
  say('p99 to running', percentile(running, 0.99) / 1_000, 's');
  say('asked in vain per room', refused / rooms, '');
  const full = fleet.workers.filter(({ status }) => status === 'living').map(({ now }) => fullness(now));
  const mean = full.reduce((sum, one) => sum + one, 0) / full.length;
  say('fullest of 99 % beside the mean', percentile(full, 0.99) / mean, '');
  if (silences.length === 0) return;
  say('rooms that lost their bot', silences.length, '');
  say('p50 of their silence', percentile(silences, 0.5) / 1_000, 's');
  say('p99 of their silence', percentile(silences, 0.99) / 1_000, 's');
}
