import { realClock, sleep } from '@sluice/core';
import { type MediaHostMode, mediaHostModes, type RoomServer, startRoomServer } from '@sluice/transport';
import type { BotGlitches } from '../children/call-glitches.ts';
import type { SeenTicks } from '../children/tick-watch.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds, each } from '../measuring/cpu-rounds.ts';
import { mostThatPass } from '../measuring/most-that-pass.ts';
import { canPin, pin } from '../measuring/pin.ts';
import { ProcessTree } from '../measuring/process-tree.ts';
import type { Bench, BenchOptions } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc, by hand';
/** Lateness of pacing up to which a voice is smooth, in milliseconds. */
const MOST_LATE_MS = 10;
/** How many are tried first, and tell what each costs. */
const FIRST = 4;
/** Until then V8 compiles what runs all the time, on the same core. Milliseconds. */
const SETTLED_MS = 8_000;

/** Agents that answer persons with what they hear, in programs of their own. */
interface Talk {
  readonly agents: ChildProgram;
  readonly persons: ChildProgram;
  connect(): Promise<void>;
}

interface Found {
  readonly count: number;
  /** How late ticks were with so many, p95, in milliseconds; undefined if there are none. */
  readonly late: Rounds | undefined;
  /** What each of the first few took with its engine, in percent of a core, in time or late. */
  readonly cpu: Rounds;
}

interface Tried {
  readonly late: Rounds;
  readonly gaps: number;
  readonly cpu: Rounds;
}

/** How many graphs that listen and speak one core carries with their engine, beside engine legs that do it by hand. */
export const agents: Bench = {
  name: 'agents',
  async run(report, options) {
    if (!canPin()) return options.note('no taskset or a single core here: no rows');
    const server = await startRoomServer();
    let talks = 0;
    try {
      const theirs = await most('raw', rawTalk, options);
      for (const mode of mediaHostModes) {
        const open = (count: number) => callTalk(server, mode, `agents-${++talks}`, count);
        const ours = await most(`host ${mode}`, open, options);
        report(`agents on one core, host ${mode}`, ours.count, 'agents', { name: raw, value: theirs.count });
        const hand = { name: raw, value: theirs.cpu.value };
        report(`CPU of each of ${FIRST} agents, host ${mode}`, ours.cpu, '% of a core', hand, 'lower');
        if (ours.late === undefined) continue;
        const peer = theirs.late && { name: `${raw}, ${theirs.count}`, value: theirs.late.value };
        report(`lateness of ticks with those, p95, host ${mode}`, ours.late, 'ms', peer, 'lower');
      }
    } finally {
      await server.close();
    }
  },
};

async function most(name: string, open: (count: number) => Talk, { quick, note }: BenchOptions): Promise<Found> {
  const seconds = quick ? 3 : 5;
  let late: Rounds | undefined;
  let cpu: Rounds | undefined;
  const passes = async (count: number) => {
    const tried = await attempt(open(count), seconds);
    const value = tried.late.value;
    cpu ??= each(tried.cpu, count);
    const share = (tried.cpu.value / count).toFixed(1);
    note(
      `${name}: ${count} agents, ticks ${value.toFixed(1)} ms late (p95), ${tried.gaps} gaps, ${share} % of a core each`,
    );
    if (value > MOST_LATE_MS || tried.gaps > 0) return false;
    late = tried.late;
    return true;
  };
  // Something else that the machine does once is no limit of what it carries.
  const twice = async (count: number) => (await passes(count)) || (!quick && (await passes(count)));
  const search = quick ? { first: FIRST, limit: 16, halvings: 0 } : { first: FIRST, limit: 64, halvings: 2 };
  const count = await mostThatPass(twice, search);
  return { count, late, cpu: cpu! };
}

/** Gaps are those of all persons, who speak without end and hear themselves. */
async function attempt({ agents, persons, connect }: Talk, seconds: number): Promise<Tried> {
  await using _agents = agents;
  await using _persons = persons;
  // Before the engine is started, whose processes and threads follow.
  pin(agents.pid, 'first');
  pin(persons.pid, 'others');
  await connect();
  await sleep(realClock, SETTLED_MS);
  await Promise.all([agents.call('start'), persons.call('start')]);
  const cpu = await cpuRounds([new ProcessTree(agents.pid)], seconds);
  const { late } = await agents.call<SeenTicks>('seen');
  const { gaps, heardMs } = await persons.call<BotGlitches>('read');
  if (heardMs === 0) throw new Error('the persons heard nothing');
  return { late: percentileInTenths(late, 0.95), gaps, cpu };
}

function rawTalk(count: number): Talk {
  const [agents, persons] = [new ChildProgram('raw-agents'), new ChildProgram('raw-glitches')];
  return {
    agents,
    persons,
    async connect() {
      await persons.call('accept', await agents.call('answer', await persons.call('offer', count)));
      await Promise.all([agents.call('talk'), persons.call('talk', 'absolute schedule')]);
    },
  };
}

function callTalk(server: RoomServer, mode: MediaHostMode, name: string, count: number): Talk {
  const [agents, persons] = [new ChildProgram('listening-agents'), new ChildProgram('call-glitches')];
  const urls = Array.from({ length: count }, (_, index) => server.roomUrl(`${name}-${index}`));
  return {
    agents,
    persons,
    async connect() {
      await Promise.all([agents.call('init', mode), persons.call('init', 'in-process')]);
      await persons.call('join', urls, 'person');
      await agents.call('join', urls);
    },
  };
}
