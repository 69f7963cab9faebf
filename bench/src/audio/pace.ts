import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import { inTenths, percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const ways = {
  graph: 'pace()',
  clock: 'clock',
  interval: 'setInterval',
  timeout: 'self-correcting setTimeout',
} as const;

/** What a measurement itself may be off, in milliseconds. */
const toleranceMs = 0.1;

type LateTicks = readonly number[];

/** A tick that is early is off as well. */
const off = (late: LateTicks, share: number) => percentileInTenths(late.map(Math.abs), share);
const figures: readonly (readonly [name: string, unit: string, figure: (late: LateTicks) => Rounds])[] = [
  ['p50', 'ms', (late) => off(late, 0.5)],
  ['p99', 'ms', (late) => off(late, 0.99)],
  ['max', 'ms', (late) => off(late, 1)],
  ['early', '%', (late) => inTenths(late, earlyPercent)],
];

const comparisons = [
  ['graph', 'interval'],
  ['graph', 'timeout'],
  ['clock', 'timeout'],
] as const;

/** How far 10 ms ticks are off an absolute schedule; all ways at the same time in one process. */
export const pace: Bench = {
  name: 'pace',
  async run(report, { quick }) {
    for (const burning of [false, true]) {
      await using program = new ChildProgram('ticks');
      const ticks = await program.call<Record<keyof typeof ways, LateTicks>>('run', quick ? 3 : 15, burning);
      for (const [way, peer] of comparisons) {
        for (const [name, unit, figure] of figures) {
          const metric = `${ways[way]} ${burning ? 'beside a busy node' : 'idle'} ${name}`;
          const theirs = { name: ways[peer], value: figure(ticks[peer]).value };
          report(metric, figure(ticks[way]), unit, theirs, 'lower');
        }
      }
    }
  },
};

function earlyPercent(late: LateTicks): number {
  return (100 * late.filter((ms) => ms < -toleranceMs).length) / late.length;
}
