import { ChildProgram } from '../measuring/child-program.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';

/** What stays in memory: an hour of media, and calls that come and go. */
export const memory: Bench = {
  name: 'memory',
  async run(report, options) {
    await hourOfMedia(report, options, { name: '' });
    await hourOfMedia(report, options, { name: ', memory used again', reuseMemory: true });
    await hourOfMedia(report, options, { name: ', young generation of 1 MB', flags: ['--max-semi-space-size=1'] });
    await joinAndLeave(report, options);
  },
};

/** How the hour is rendered. */
interface Way {
  /** As metrics say it. */
  readonly name: string;
  /** Of Node. */
  readonly flags?: readonly string[];
  readonly reuseMemory?: boolean;
}

async function hourOfMedia(report: Report, { quick }: BenchOptions, way: Way): Promise<void> {
  const { name, flags = [], reuseMemory = false } = way;
  const minutes = quick ? 10 : 60;
  await using program = new ChildProgram('paced-hour', { flags: ['--expose-gc', ...flags] });
  const grown = await program.call<{ highest: number; end: number; media: number; elapsed: number }>(
    'render',
    minutes * 60,
    reuseMemory,
  );
  if (grown.media !== minutes * 60) throw new Error(`${grown.media} s came out of ${minutes * 60} s`);
  report(`growth at most, ${minutes} min of stereo${name}`, grown.highest, 'MB', undefined, 'lower');
  report(`growth at the end, ${minutes} min of stereo${name}`, grown.end, 'MB', undefined, 'lower');
  report(`speed of the render${name}`, (minutes * 60) / grown.elapsed, 'x real time', undefined, 'higher');
}

async function joinAndLeave(report: Report, { quick, note }: BenchOptions): Promise<void> {
  if (!canMeasureTrees()) return note('no /proc here: no row for join and leave');
  const [first, all] = quick ? [10, 30] : [50, 200];
  await using program = new ChildProgram('join-leave', { flags: ['--expose-gc'] });
  const tree = new ProcessTree(program.pid);
  await program.call('open');
  await program.call('cycle', first);
  const before = tree.memoryMb();
  const ms = (await program.call<number>('cycle', all - first)) / (all - first);
  report(`growth over cycles ${first} to ${all}`, tree.memoryMb() - before, 'MB', undefined, 'lower');
  report('join, first frame heard, leave', ms, 'ms', undefined, 'lower');
  await program.call('close');
}
