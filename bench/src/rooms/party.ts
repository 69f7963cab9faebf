import { availableParallelism } from 'node:os';
import { realClock, sleep } from '@sluice/core';
import { startRoomServer } from '@sluice/transport';
import type { SkewReport } from '@sluice/transport/testing';
import { ChildProgram } from '../measuring/child-program.ts';
import { cpuRounds, each } from '../measuring/cpu-rounds.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc, all in one process';
const size = { width: 640, height: 360, frameRate: 15 };
const CAMERAS = 2;
const BOTS = 6;

interface Received {
  readonly heardMs: number;
  readonly seen: number;
}

interface Party {
  /** Percent of all cores. */
  readonly cpu: Rounds;
  /** Pictures that arrived of those that were shown, 0 to 1. */
  readonly pictures: number;
}

/** Eight in a room, everybody with everybody: all speak, two show 360p at 15 pictures a second. */
export const party: Bench = {
  name: 'party',
  async run(report, { quick, note }) {
    if (!canMeasureTrees()) return note('no /proc here: no rows');
    const seconds = quick ? 10 : 60;
    const { skews, ...ours } = await callParty(seconds);
    const theirs = await rawParty(seconds);
    report('CPU of eight, of all cores', ours.cpu, '%', { name: raw, value: theirs.cpu.value }, 'lower');
    const lost = ({ pictures }: Party) => 100 * (1 - pictures);
    report('pictures lost', lost(ours), '%', { name: raw, value: lost(theirs) }, 'lower');
    report(
      'flash and beep, |skew| p95',
      percentileInTenths(skews.flashes.map(Math.abs), 0.95),
      'ms',
      undefined,
      'lower',
    );
  },
};

async function callParty(seconds: number): Promise<Party & { readonly skews: SkewReport }> {
  const server = await startRoomServer();
  await using bots = new ChildProgram('party-bots');
  await using first = new ChildProgram('call-lips');
  await using second = new ChildProgram('call-lips');
  try {
    const url = server.roomUrl('party');
    for (const lips of [first, second]) await lips.call('speak', url, size, seconds + 30);
    await bots.call('join', url, BOTS);
    // The first bot measures the first camera instead of counting it, and cameras do not look at each other.
    const lookers = CAMERAS * BOTS - 1;
    const party = await measure([bots, first, second], () => bots.call<Received>('received'), lookers, seconds);
    return { ...party, skews: await bots.call<SkewReport>('skews', 5, seconds) };
  } finally {
    await server.close();
  }
}

async function rawParty(seconds: number): Promise<Party> {
  await using members = new ChildProgram('raw-party');
  await members.call('meet', BOTS + CAMERAS, CAMERAS, size);
  const lookers = CAMERAS * (BOTS + CAMERAS - 1);
  return await measure([members], () => members.call<Received>('received'), lookers, seconds);
}

async function measure(
  programs: readonly ChildProgram[],
  received: () => Promise<Received>,
  lookers: number,
  seconds: number,
): Promise<Party> {
  await sleep(realClock, 4_000);
  const before = await received();
  const start = performance.now();
  const trees = programs.map(({ pid }) => new ProcessTree(pid));
  const cpu = await cpuRounds(trees, seconds);
  const after = await received();
  const elapsed = performance.now() - start;
  if (after.heardMs === before.heardMs) throw new Error('nobody heard anything');
  return {
    cpu: each(cpu, availableParallelism()),
    pictures: (after.seen - before.seen) / ((lookers * size.frameRate * elapsed) / 1000),
  };
}
