import { realClock, sleep } from '@sluice/core';
import { type RoomServer, startRoomServer } from '@sluice/transport';
import type { SeenTicks } from '../children/tick-watch.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds } from '../measuring/cpu-rounds.ts';
import { fittedLine } from '../measuring/fitted-line.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench, BenchOptions, Report } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const flags = ['--expose-gc'];
const PER_ROOM = 3;

interface Step {
  readonly count: number;
  readonly figures: Readonly<Record<keyof typeof units, number | Rounds>>;
}

const units = { CPU: '% of a core', memory: 'MB', 'lateness of ticks, p95': 'ms' } as const;

/** What so many of something take: makes those that are missing. */
type Grow = (from: number, to: number) => Promise<void>;

/** CPU, memory and lateness of one process with its engine as it gets more bots, and more rooms: along a line. */
export const growth: Bench = {
  name: 'growth',
  async run(report, options) {
    if (!canMeasureTrees()) return options.note('no /proc here: no rows');
    const server = await startRoomServer();
    try {
      await growBots(report, server, options);
      await growRooms(report, server, options);
    } finally {
      await server.close();
    }
  },
};

/** Two in a room, of which a last one without a partner gets one of another process. */
async function growBots(report: Report, server: RoomServer, options: BenchOptions): Promise<void> {
  await using program = new ChildProgram('call-bots', { flags });
  let guest: ChildProgram | undefined;
  const grow: Grow = async (from, to) => {
    await guest?.[Symbol.asyncDispose]();
    guest = undefined;
    const urls = Array.from({ length: to - from }, (_, index) => server.roomUrl(`pair-${(from + index) >> 1}`));
    await program.call('join', urls, `bot-${from}`);
    if (to % 2 === 0) return;
    guest = new ChildProgram('call-bots');
    await guest.call('init', 'in-process');
    await guest.call('join', urls.slice(-1), 'guest');
  };
  try {
    await grown(report, program, 'bot', options.quick ? [1, 5, 10] : [1, 2, 5, 10, 20, 40], grow, options);
  } finally {
    await guest?.[Symbol.asyncDispose]();
  }
}

async function growRooms(report: Report, server: RoomServer, options: BenchOptions): Promise<void> {
  await using program = new ChildProgram('call-bots', { flags });
  const grow: Grow = async (from, to) => {
    const rooms = Array.from({ length: to - from }, (_, index) => server.roomUrl(`room-${from + index}`));
    const urls = rooms.flatMap((url) => Array.from({ length: PER_ROOM }, () => url));
    await program.call('join', urls, `member-${from}`);
  };
  await grown(report, program, 'room', options.quick ? [1, 2, 4] : [1, 2, 4, 8], grow, options);
}

async function grown(
  report: Report,
  program: ChildProgram,
  what: string,
  counts: readonly number[],
  grow: Grow,
  options: BenchOptions,
): Promise<void> {
  const steps: Step[] = [];
  await program.call('init', 'child');
  for (const [index, count] of counts.entries()) {
    await grow(counts[index - 1] ?? 0, count);
    steps.push(await measured(program, count, options.quick));
  }
  for (const name of Object.keys(units) as (keyof typeof units)[]) {
    for (const { count, figures } of steps)
      report(`${name}, ${count} ${what}${count === 1 ? '' : 's'}`, figures[name], units[name], undefined, 'lower');
    tellLine(report, steps, name, what, options);
  }
}

function tellLine(
  report: Report,
  steps: readonly Step[],
  name: keyof typeof units,
  what: string,
  { note }: BenchOptions,
): void {
  const { at0, each, r2 } = fittedLine(steps.map(({ count, figures }) => [count, single(figures[name])]));
  note(`${name} = ${at0.toFixed(2)} + ${each.toFixed(3)} x ${what}s ${units[name]}, R2 ${r2.toFixed(4)}`);
  report(`${name}, each further ${what}`, each, units[name], undefined, 'lower');
  report(`${name} along a line of ${what}s`, r2, 'R2');
}

async function measured(program: ChildProgram, count: number, quick: boolean): Promise<Step> {
  const seconds = quick ? 2 : 10;
  const tree = new ProcessTree(program.pid);
  await sleep(realClock, quick ? 1_000 : 4_000);
  await program.call('watch');
  const heardBefore = await program.call<number>('heardMs');
  const CPU = await cpuRounds([tree], seconds);
  const heard = (await program.call<number>('heardMs')) - heardBefore;
  if (heard < seconds * 900) throw new Error(`with ${count} bots heard ${heard.toFixed(0)} ms of ${seconds} s each`);
  const { late } = await program.call<SeenTicks>('seen');
  await program.call('settle');
  const memory = tree.memoryMb();
  return { count, figures: { CPU, memory, 'lateness of ticks, p95': percentileInTenths(late, 0.95) } };
}

function single(figure: number | Rounds): number {
  return typeof figure === 'number' ? figure : figure.value;
}
