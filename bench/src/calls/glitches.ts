import { realClock, sleep } from '@sluice/core';
import { type RoomServer, startRoomServer } from '@sluice/transport';
import type { BotGlitches } from '../children/call-glitches.ts';
import type { RawFeed } from '../children/raw-glitches.ts';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench, Report } from '../measuring/report.ts';
import { mean, type Rounds } from '../measuring/rounds.ts';

/** Ten bots in five rooms of two, and two pairs for each way to feed the raw engine: together they leave the machine room. */
const ROOMS = 5;
const RAW_PAIRS = 2;
/** Parts of the time of which rates are told as well. */
const PARTS = 5;
const feeds = ['setInterval', 'absolute schedule'] as const satisfies readonly RawFeed[];
/** So seldom that jitter buffers have forgotten the last one. */
const stall = { ms: 200, everyMs: 10_000 } as const;

/** Two programs; the bots of one talk with those of the other. */
type Programs = readonly [ChildProgram, ChildProgram];

/** In an hour of one listener. */
interface Rates {
  readonly gaps: number;
  /** Seconds. */
  readonly silence: number;
  readonly concealed: number;
  /** By sluice's own counts. */
  readonly own: Readonly<Record<'sender' | 'receiver', number>> | undefined;
}

/** A rate, and what it was in each part of the time. */
type Measured = (figure: (rates: Rates) => number) => Rounds;

/** How often and how long a call breaks off in an hour: ten bots that speak and listen, idle and with stalls of 200 ms. */
export const glitches: Bench = {
  name: 'glitches',
  async run(report, { quick, note }) {
    const seconds = quick ? 30 : 600;
    note(
      `${seconds} s each, rates are of an hour of one listener; event loops are blocked ${stall.ms} ms every ${stall.everyMs / 1_000} s`,
    );
    const server = await startRoomServer();
    try {
      const all = await Promise.all([callBots(server), ...feeds.map(rawBots)]);
      try {
        await sleep(realClock, 4_000);
        tell(report, 'idle', await measure(all, seconds));
        const programs = all.flat();
        await Promise.all(programs.map((one) => one.call('block', stall.ms, stall.everyMs)));
        tell(report, `${stall.ms} ms stalls`, await measure(all, seconds));
      } finally {
        await Promise.all(all.flat().map((one) => one[Symbol.asyncDispose]()));
      }
    } finally {
      await server.close();
    }
  },
};

/** All at the same time, so that what else the machine does meets all. */
async function measure(all: readonly Programs[], seconds: number): Promise<Measured[]> {
  const parts: Rates[][] = [];
  for (let part = 0; part < PARTS; part++) {
    await Promise.all(all.flat().map((one) => one.call('start')));
    await sleep(realClock, (seconds * 1_000) / PARTS);
    const expected = (index: number) => ((index === 0 ? ROOMS : RAW_PAIRS) * 2 * seconds) / PARTS;
    parts.push(await Promise.all(all.map((programs, index) => ratesOf(programs, expected(index)))));
  }
  return all.map((_, index) => (figure) => mean(parts.map((rates) => figure(rates[index]!))));
}

async function ratesOf(programs: Programs, expectedSeconds: number): Promise<Rates> {
  const [one, other] = await Promise.all(programs.map((program) => program.call<BotGlitches>('read')));
  const sum = (name: Exclude<keyof BotGlitches, 'own'>) => one![name] + other![name];
  const hours = sum('heardMs') / 3_600_000;
  if (hours * 3_600 < 0.9 * expectedSeconds)
    throw new Error(`only ${Math.round(hours * 3_600)} s of ${expectedSeconds} were heard`);
  const own = (edge: 'sender' | 'receiver') => (one!.own![edge] + other!.own![edge]) / hours;
  return {
    gaps: sum('gaps') / hours,
    silence: sum('gapMs') / 1_000 / hours,
    concealed: sum('concealedMs') / 1_000 / hours,
    own: one!.own && { sender: own('sender'), receiver: own('receiver') },
  };
}

function tell(report: Report, title: string, [ours, ...raws]: readonly Measured[]): void {
  const rates = [
    ['gaps', 'gaps/h', (rate: Rates) => rate.gaps],
    ['silence', 's/h', (rate: Rates) => rate.silence],
    ['concealed', 's/h', (rate: Rates) => rate.concealed],
  ] as const;
  for (const [index, feed] of feeds.entries()) {
    const name = `raw @roamhq/wrtc, ${feed}`;
    for (const [what, unit, rate] of rates) {
      const peer = { name, value: raws[index]!(rate).value };
      report(`${title}: ${what} an hour`, ours!(rate), unit, peer, 'lower');
    }
  }
  const heard = { name: 'gaps heard at the far end', value: ours!(({ gaps }) => gaps).value };
  for (const edge of ['sender', 'receiver'] as const)
    report(
      `${title}: own count, ${edge}`,
      ours!(({ own }) => own![edge]),
      'gaps/h',
      heard,
      'lower',
    );
}

async function rawBots(feed: RawFeed): Promise<Programs> {
  const [first, second] = [new ChildProgram('raw-glitches'), new ChildProgram('raw-glitches')];
  const answers = await second.call('answer', await first.call('offer', RAW_PAIRS));
  await first.call('accept', answers);
  await Promise.all([first.call('talk', feed), second.call('talk', feed)]);
  return [first, second];
}

async function callBots(server: RoomServer): Promise<Programs> {
  const programs = [new ChildProgram('call-glitches'), new ChildProgram('call-glitches')] as const;
  const rooms = Array.from({ length: ROOMS }, (_, index) => server.roomUrl(`glitches-${index}`));
  for (const [index, program] of programs.entries()) {
    await program.call('init', 'child');
    await program.call('join', rooms, `mic-${index}`);
  }
  return programs;
}
