import { realClock, sleep } from '@sluice/core';
import { startRoomServer } from '@sluice/transport';
import type { AgentsSeen } from '../children/agent-bots.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';
import { agentSessions } from './agent-sessions.ts';
import { agentSwaps } from './agent-swaps.ts';

const ROOMS = 3;

interface Seen {
  /** From the last sample of a person's voice to the first of the answer, both at the person, in milliseconds. */
  readonly answers: readonly number[];
  /** How late ticks of the agents' process were, in milliseconds. */
  readonly late: readonly number[];
}

/** Agents beside each other, models and branches that change under a voice, an hour of talk again. */
export const agentsWild: Bench = {
  name: 'agents-wild',
  async run(report, options) {
    await neighbours(report, options.quick ? 20 : 60);
    await agentSwaps(report, options);
    await agentSessions(report, options);
  },
};

/** Three agents of fakes in three rooms of one process, beside one alone: what the third costs the first. */
async function neighbours(report: Report, seconds: number): Promise<void> {
  const alone = await talked(1, seconds);
  const together = await talked(ROOMS, seconds);
  for (const [what, unit, of] of [
    ['voice to voice', 'ms', ({ answers }: Seen) => answers],
    ['lateness of ticks', 'ms', ({ late }: Seen) => late],
  ] as const) {
    const peer = { name: 'one alone', value: percentile(of(alone), 0.95) };
    report(
      `${ROOMS} agents in ${ROOMS} rooms: ${what}, p95`,
      percentileInTenths(of(together), 0.95),
      unit,
      peer,
      'lower',
    );
  }
}

async function talked(rooms: number, seconds: number): Promise<Seen> {
  const server = await startRoomServer();
  await using agents = new ChildProgram('agent-bots');
  await using persons = new ChildProgram('agent-persons');
  try {
    const urls = Array.from({ length: rooms }, (_, index) => server.roomUrl(`wild-${index}`));
    await agents.call('join', urls, 'agent');
    await persons.call('join', urls, 'person');
    await sleep(realClock, 5_000);
    await agents.call('begin');
    await persons.call('begin');
    await sleep(realClock, seconds * 1_000);
    const answers = await persons.call<number[]>('answers');
    const { late, turns } = await agents.call<AgentsSeen>('seen');
    if (answers.length < rooms || turns < answers.length)
      throw new Error(`${answers.length} answers to ${turns} turns in ${rooms} rooms: somebody was not heard`);
    return { answers, late };
  } finally {
    await server.close();
  }
}
