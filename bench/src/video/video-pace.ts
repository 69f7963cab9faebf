import type { Intervals } from '../children/picture-ticks.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';

const peers = { interval: 'setInterval', timeout: 'self-correcting setTimeout' } as const;
const figures = {
  p50: 'frame interval p50',
  p99: 'frame interval p99',
  off: 'interval off by, p99',
  drift: 'drift at the end',
} as const;

/** Time between pictures at 30 a second; all ways at the same time in one process. */
export const videoPace: Bench = {
  name: 'video-pace',
  async run(report, { quick }) {
    await using program = new ChildProgram('picture-ticks');
    const ticks = await program.call<Record<'paced' | keyof typeof peers, Intervals>>('run', quick ? 4 : 20);
    for (const [peer, name] of Object.entries(peers) as [keyof typeof peers, string][])
      for (const [figure, metric] of Object.entries(figures) as [keyof typeof figures, string][])
        report(
          `pace(), 720p, 30 fps: ${metric}`,
          ticks.paced[figure],
          'ms',
          { name, value: ticks[peer][figure] },
          'lower',
        );
  },
};
