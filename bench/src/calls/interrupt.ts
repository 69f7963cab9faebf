import { realClock, sleep } from '@sluice/core';
import { seededRandom } from '@sluice/core/testing';
import { type MediaHostMode, mediaHostModes, type RoomServer, startRoomServer } from '@sluice/transport';
import type { Interrupted } from '../children/call-interrupts.ts';
import type { HeardCut } from '../children/cut-meter.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc, a queue of its own';
/** So long that 5 s are left at the latest interruption. */
const UTTERANCE_MS = 8_000;
const QUEUED_MS = 5_000;
/** When it is interrupted, from the first write on: the tone has to be there by then. */
const EARLIEST_MS = 800;
const LATEST_MS = 2_400;
/** Time for what is stale to be heard. */
const REST_MS = 700;

/** A call from one process to another; the first one speaks. */
interface Line {
  readonly speaker: ChildProgram;
  readonly hearer: ChildProgram;
}

interface Cuts {
  /** From the interruption to the last loud millisecond at the far end. */
  readonly silence: readonly number[];
  /** Sound after that, of each. */
  readonly stale: readonly number[];
}

/** How soon a far end is silent after `graph.interrupt()` while 5 s are queued, and what of them it hears afterwards. */
export const interrupt: Bench = {
  name: 'interrupt',
  async run(report, { quick }) {
    const times = quick ? 8 : 100;
    const server = await startRoomServer();
    try {
      // At the same time, so that what else the machine does meets all.
      const [theirs, ...ours] = await Promise.all([
        cut(rawLine(), times),
        ...mediaHostModes.map((mode) => cut(callLine(server, mode), times)),
      ]);
      for (const [index, mode] of mediaHostModes.entries()) {
        const { silence, stale } = ours[index]!;
        for (const share of [0.5, 0.95]) {
          const peer = { name: raw, value: percentileInTenths(theirs.silence, share).value };
          const metric = `interruption to silence, p${100 * share}, host ${mode}`;
          report(metric, percentileInTenths(silence, share), 'ms', peer, 'lower');
        }
        const peer = { name: raw, value: sum(theirs.stale) };
        const metric = `stale sound of ${times} interruptions, host ${mode}`;
        report(metric, { value: sum(stale), rounds: stale }, 'ms', peer, 'lower');
      }
    } finally {
      await server.close();
    }
  },
};

async function cut(line: Promise<Line>, times: number): Promise<Cuts> {
  const { speaker, hearer } = await line;
  await using _speaker = speaker;
  await using _hearer = hearer;
  const random = seededRandom(1);
  const silence: number[] = [];
  const stale: number[] = [];
  await sleep(realClock, 1_500);
  // The first lets jitter buffers find their size and does not count.
  for (let count = -1; count < times; count++) {
    await speaker.call('say', UTTERANCE_MS);
    await sleep(realClock, EARLIEST_MS + (LATEST_MS - EARLIEST_MS) * random());
    if (!(await hearer.call<boolean>('listen'))) throw new Error('nothing was heard of what was said');
    const { at, droppedMs } = await speaker.call<Interrupted>('interrupt');
    await sleep(realClock, REST_MS);
    const { silentAt, staleMs } = await hearer.call<HeardCut>('heard');
    if (silentAt === undefined) throw new Error(`the tone still sounds ${REST_MS} ms after the interruption`);
    if (droppedMs < QUEUED_MS) throw new Error(`only ${droppedMs} ms were queued, not ${QUEUED_MS}`);
    if (count < 0) continue;
    silence.push(silentAt - at);
    stale.push(staleMs);
  }
  return { silence, stale };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

async function rawLine(): Promise<Line> {
  const [speaker, hearer] = [new ChildProgram('raw-interrupts'), new ChildProgram('raw-interrupts')];
  await speaker.call('accept', await hearer.call('answer', await speaker.call('offer')));
  await hearer.call('hear');
  await speaker.call('speak');
  return { speaker, hearer };
}

async function callLine(server: RoomServer, mode: MediaHostMode): Promise<Line> {
  const url = server.roomUrl(`interrupt-${mode}`);
  const [speaker, hearer] = [new ChildProgram('call-interrupts'), new ChildProgram('call-interrupts')];
  await hearer.call('hear', url);
  await speaker.call('speak', url, mode);
  return { speaker, hearer };
}
