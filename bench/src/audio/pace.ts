import type { Lateness } from '../children/ticks.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';

const ways = {
  graph: 'pace()',
  clock: 'clock',
  interval: 'setInterval',
  timeout: 'self-correcting setTimeout',
} as const;

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
      const ticks = await program.call<Record<keyof typeof ways, Lateness>>('run', quick ? 3 : 15, burning);
      for (const [way, peer] of comparisons) {
        for (const figure of ['p50', 'p99', 'max', 'early'] as const) {
          const metric = `${ways[way]} ${burning ? 'beside a busy node' : 'idle'} ${figure}`;
          report(
            metric,
            ticks[way][figure],
            figure === 'early' ? '%' : 'ms',
            { name: ways[peer], value: ticks[peer][figure] },
            'lower',
          );
        }
      }
    }
  },
};
