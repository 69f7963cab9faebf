import { realClock, type SyncStatistics, sleep } from '@sluice/core';
import { startRoomServer } from '@sluice/transport';
import type { SkewReport } from '@sluice/transport/testing';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths, type Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc';
const size = { width: 640, height: 360, frameRate: 30 };
/** Seconds at the start that are left out: jitter buffers find their size. */
const settling = 3;
const stallMs = 200;

/** A call from one process to another. */
interface Line extends AsyncDisposable {
  readonly speaker: ChildProgram;
  readonly watcher: ChildProgram;
  /** Begins to show the pattern and to beep. */
  start(seconds: number): Promise<void>;
}

interface Measured {
  readonly whole: SkewReport;
  /** From the stall on for 5 s. */
  readonly stalled: SkewReport;
}

/** How far apart flash and beep are at the far side of a call, whose sender cannot run for 200 ms halfway. */
export const skew: Bench = {
  name: 'skew',
  async run(report, { quick, note }) {
    const seconds = quick ? 16 : 60;
    const server = await startRoomServer();
    try {
      await using ours = await callLine(server.roomUrl('skew'));
      await using theirs = await rawLine();
      // At the same time, so that what else the machine does meets both.
      const [mine, other] = await Promise.all([measure(ours, seconds), measure(theirs, seconds)]);
      const tell = (metric: string, figure: (measured: Measured) => Rounds) =>
        report(metric, figure(mine), 'ms', { name: raw, value: figure(other).value }, 'lower');
      tell('flash and beep, |skew| p50', ({ whole }) => percentileInTenths(whole.flashes.map(Math.abs), 0.5));
      tell('flash and beep, |skew| p95', ({ whole }) => percentileInTenths(whole.flashes.map(Math.abs), 0.95));
      tell('flash and beep, |skew| at most', ({ whole }) => percentileInTenths(whole.flashes.map(Math.abs), 1));
      tell('every picture, |skew| p95', ({ whole }) => percentileInTenths(whole.pictures.map(Math.abs), 0.95));
      tell('5 s from the stall on, |skew| p95', ({ stalled }) =>
        percentileInTenths(stalled.pictures.map(Math.abs), 0.95),
      );
      const { skewMs, shown, dropped } = await ours.speaker.call<SyncStatistics>('statistics');
      note(
        `the group itself: skew p50 ${skewMs.p50.toFixed(1)}, p99 ${skewMs.p99.toFixed(1)} ms, ${dropped} of ${shown + dropped} pictures dropped`,
      );
    } finally {
      await server.close();
    }
  },
};

async function measure({ speaker, watcher, start }: Line, seconds: number): Promise<Measured> {
  await start(seconds);
  await sleep(realClock, seconds * 500);
  await speaker.call('block', stallMs);
  await sleep(realClock, seconds * 500 + 2_000);
  const whole = await watcher.call<SkewReport>('skews', settling, seconds);
  const stalled = await watcher.call<SkewReport>('skews', Math.floor(seconds / 2), seconds / 2 + 5);
  const expected = seconds - settling;
  if (whole.flashes.length < 0.9 * expected)
    throw new Error(`${whole.flashes.length} of ${expected} flashes with a beep came`);
  return { whole, stalled };
}

async function callLine(url: string): Promise<Line> {
  const [speaker, watcher] = [new ChildProgram('call-lips'), new ChildProgram('call-lips')];
  await watcher.call('watch', url);
  return line(speaker, watcher, (seconds) => speaker.call('speak', url, size, seconds));
}

async function rawLine(): Promise<Line> {
  const [speaker, watcher] = [new ChildProgram('raw-lips'), new ChildProgram('raw-lips')];
  await speaker.call('accept', await watcher.call('answer', await speaker.call('offer')));
  await watcher.call('watch');
  return line(speaker, watcher, (seconds) => speaker.call('speak', size, seconds));
}

function line(speaker: ChildProgram, watcher: ChildProgram, start: Line['start']): Line {
  const end = async () => {
    await Promise.all([speaker[Symbol.asyncDispose](), watcher[Symbol.asyncDispose]()]);
  };
  return { speaker, watcher, start, [Symbol.asyncDispose]: end };
}
