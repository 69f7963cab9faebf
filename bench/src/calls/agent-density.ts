import { realClock, sleep } from '@sluice/core';
import { startRoomServer } from '@sluice/transport';
import type { AgentsSeen } from '../children/agent-bots.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { BenchOptions, Report } from '../measuring/report.ts';

/** Lateness of pacing up to which a voice is smooth, in milliseconds. */
const MOST_LATE_MS = 10;

interface Step {
  readonly count: number;
  readonly late: number;
  readonly busy: number;
  /** Percent of a core each, the engine included. */
  readonly cpu: number;
  readonly turns: number;
}

/** More and more agents of fakes in one process, each in a call with a person of another, until its pacing is late. */
export async function agentDensity(report: Report, { quick, note }: BenchOptions): Promise<void> {
  if (!canMeasureTrees()) return note('no /proc here: no rows of agents in one process');
  let best: Step | undefined;
  for (const count of quick ? [2, 4, 8] : [2, 4, 8, 12, 16, 20, 24, 32]) {
    const step = await tried(count, quick ? 5 : 8);
    if (step.late > MOST_LATE_MS) {
      const engine = step.busy > 0.8 ? 'the event loop of the agents' : 'the processor: engines and persons share it';
      note(`with ${count} agents ticks are ${step.late.toFixed(1)} ms late (p95); first to give in is ${engine}`);
      break;
    }
    best = step;
  }
  if (best === undefined) return note('even two agents were late: the machine does something else');
  report(`agents in one process, ticks at most ${MOST_LATE_MS} ms late at p95`, best.count, 'agents');
  report(`lateness of ticks, p95, ${best.count} agents`, best.late, 'ms');
  report(`CPU each, ${best.count} agents`, best.cpu, '% of a core');
}

async function tried(count: number, seconds: number): Promise<Step> {
  const server = await startRoomServer();
  await using agents = new ChildProgram('agent-bots');
  await using persons = new ChildProgram('agent-persons');
  try {
    const urls = Array.from({ length: count }, (_, index) => server.roomUrl(`agents-${index}`));
    await agents.call('join', urls, 'agent');
    await persons.call('join', urls, 'person');
    await sleep(realClock, 3_000);
    await agents.call('begin');
    const cpuMs = await new ProcessTree(agents.pid).cpuMs(sleep(realClock, seconds * 1_000));
    const { late, turns, busy } = await agents.call<AgentsSeen>('seen');
    if (turns < count) throw new Error(`${turns} turns of ${count} agents in ${seconds} s: somebody was not heard`);
    return { count, late: percentile(late, 0.95), busy, cpu: cpuMs / (10 * seconds * count), turns };
  } finally {
    await server.close();
  }
}
