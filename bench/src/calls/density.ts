import { realClock, sleep } from '@sluice/core';
import { type MediaHostMode, mediaHostModes, type RoomServer, startRoomServer } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds, each } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc';
const flags = ['--expose-gc'];

interface Cost {
  /** Percent of a core, each bot. */
  readonly cpu: Rounds;
  /** Megabytes of the process with its engine, each bot. */
  readonly memory: number;
  /** Megabytes of that which were not there before the first bot. */
  readonly added: number;
}

/** Two programs with the same number of bots; those of the same number talk with each other. */
interface Bots {
  readonly programs: readonly [ChildProgram, ChildProgram];
  connect(): Promise<void>;
}

/** What a bot that speaks and listens costs, 48 kHz mono, each in a call with a bot of another process. */
export const density: Bench = {
  name: 'density',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const server = await startRoomServer();
    try {
      for (const count of quick ? [10] : [1, 10, 20]) {
        const seconds = quick ? 4 : 6;
        const theirs = await cost(rawBots(count), count, seconds);
        for (const mode of quick ? (['child'] as const) : mediaHostModes) {
          const ours = await cost(await callBots(server, mode, count), count, seconds);
          const title = `of ${count} bot${count === 1 ? '' : 's'}, host ${mode}`;
          report(`CPU each ${title}`, ours.cpu, '% of a core', { name: raw, value: theirs.cpu.value }, 'lower');
          report(`memory each ${title}`, ours.memory, 'MB', { name: raw, value: theirs.memory }, 'lower');
          if (count > 1)
            report(`memory added each ${title}`, ours.added, 'MB', { name: raw, value: theirs.added }, 'lower');
        }
      }
    } finally {
      await server.close();
    }
  },
};

async function cost({ programs, connect }: Bots, count: number, seconds: number): Promise<Cost> {
  await using _first = programs[0];
  await using _second = programs[1];
  const settle = () => Promise.all(programs.map((program) => program.call('settle')));
  // The first answer comes when everything is loaded; an engine of its own follows.
  await settle();
  await sleep(realClock, 1_500);
  const heardMs = () => Promise.all(programs.map((program) => program.call<number>('heardMs')));
  const trees = programs.map(({ pid }) => new ProcessTree(pid));
  const memoryMb = () => trees.reduce((sum, tree) => sum + tree.memoryMb(), 0);
  const before = memoryMb();
  await connect();
  await sleep(realClock, 3_000);
  const heardBefore = await heardMs();
  const cpu = await cpuRounds(trees, seconds);
  await settle();
  const after = memoryMb();
  for (const [index, ms] of (await heardMs()).entries())
    if (ms - heardBefore[index]! < seconds * 950) throw new Error(`bots heard ${ms - heardBefore[index]!} ms only`);
  const bots = 2 * count;
  return {
    cpu: each(cpu, bots),
    memory: after / bots,
    added: (after - before) / bots,
  };
}

function rawBots(count: number): Bots {
  const programs = [new ChildProgram('raw-bots', { flags }), new ChildProgram('raw-bots', { flags })] as const;
  return {
    programs,
    async connect() {
      const [first, second] = programs;
      const answers = await second.call('answer', await first.call('offer', count));
      await first.call('accept', answers);
      await Promise.all([first.call('talk'), second.call('talk')]);
    },
  };
}

async function callBots(server: RoomServer, mode: MediaHostMode, count: number): Promise<Bots> {
  const programs = [new ChildProgram('call-bots', { flags }), new ChildProgram('call-bots', { flags })] as const;
  for (const program of programs) await program.call('init', mode);
  const rooms = Array.from({ length: count }, (_, index) => server.roomUrl(`density-${mode}-${count}-${index}`));
  return {
    programs,
    async connect() {
      for (const [index, program] of programs.entries()) await program.call('join', rooms, `mic-${index}`);
    },
  };
}
