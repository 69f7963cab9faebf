import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const intervalMs = 1000 / 30;
const peers = { interval: 'setInterval', timeout: 'self-correcting setTimeout' } as const;

/** When pictures came, in milliseconds. */
type Times = readonly number[];

const figures: readonly (readonly [name: string, figure: (times: Times) => Rounds])[] = [
  ['frame interval p50', (times) => percentileInTenths(intervals(times), 0.5)],
  ['frame interval p99', (times) => percentileInTenths(intervals(times), 0.99)],
  ['interval off by, p99', (times) => percentileInTenths(intervals(times).map(offBy), 0.99)],
  ['drift at the end', drift],
];

/** Time between pictures at 30 a second; all ways at the same time in one process. */
export const videoPace: Bench = {
  name: 'video-pace',
  async run(report, { quick }) {
    await using program = new ChildProgram('picture-ticks');
    const ticks = await program.call<Record<'paced' | keyof typeof peers, Times>>('run', quick ? 4 : 20);
    for (const [peer, name] of Object.entries(peers) as [keyof typeof peers, string][])
      for (const [metric, figure] of figures) {
        const theirs = { name, value: figure(ticks[peer]).value };
        report(`pace(), 720p, 30 fps: ${metric}`, figure(ticks.paced), 'ms', theirs, 'lower');
      }
  },
};

function intervals(times: Times): number[] {
  return times.slice(1).map((time, index) => time - times[index]!);
}

/** How far an interval is from a thirtieth of a second. */
function offBy(ms: number): number {
  return Math.abs(ms - intervalMs);
}

/** How far the last picture is from where the first one and its number put it. */
function drift(times: Times): Rounds {
  const span = times.at(-1)! - times[0]!;
  return { value: Math.abs(span - (times.length - 1) * intervalMs), rounds: [] };
}
