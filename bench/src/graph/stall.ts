import { realClock, sleep } from '@sluice/core';
import { findGaps, toneContinuity } from '@sluice/core/testing';
import { type MediaHostMode, mediaHostModes, startRoomServer } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import type { Bench } from '../measuring/report.ts';
import type { Rounds } from '../measuring/rounds.ts';

const raw = 'raw @roamhq/wrtc';
const stalls = [50, 200, 500] as const;

/** A caller of the bench. */
interface Caller {
  readonly title: string;
  readonly mode: MediaHostMode;
  /** How far its writer may be ahead; the device's own by default. */
  readonly capacityMs?: number;
}

const callers: readonly Caller[] = mediaHostModes.map((mode) => ({ title: `host ${mode}`, mode }));
/** Beside them where the default lead is shorter than the stall: one whose writer is further ahead. */
const aheadMs = 600;
const ahead: Caller = { title: `host child, written ${aheadMs} ms ahead`, mode: 'child', capacityMs: aheadMs };
/** A tone of -12 dBFS that stays below this for 5 ms is not there. */
const thresholdDbfs = -20;

/** A call from one process to another; the first one speaks. */
interface Line {
  readonly speaker: ChildProgram;
  readonly hearer: ChildProgram;
}

interface Heard {
  readonly gaps: Rounds;
  readonly longestMs: Rounds;
  readonly breaks: Rounds;
  /** From the engine to the listener at the end: what its jitter buffer has become. */
  readonly delayMs: number;
  /** Unknown for the raw engine. */
  readonly underruns: number | undefined;
}

/** What a listener hears of a tone while the process that speaks it cannot run for a while, every 1.5 s. */
export const stall: Bench = {
  name: 'stall',
  async run(report, { quick }) {
    const server = await startRoomServer();
    try {
      for (const ms of quick ? [200] : stalls) {
        // At the same time, so that what else the machine does meets all. They are blocked, not busy.
        const measure = (line: Promise<Line>) => listen(line, ms, quick ? 3 : 6);
        const all = ms === 500 ? [...callers, ahead] : callers;
        const [theirs, ...ours] = await Promise.all([
          measure(rawLine()),
          ...all.map((caller, index) => measure(callLine(server.roomUrl(`stall-${ms}-${index}`), caller))),
        ]);
        for (const [index, caller] of all.entries()) {
          const heard = ours[index]!;
          const title = `${ms} ms, ${caller.title}`;
          report(`${title}: gaps`, heard.gaps, 'gaps', { name: raw, value: theirs.gaps.value }, 'lower');
          report(`${title}: longest gap`, heard.longestMs, 'ms', { name: raw, value: theirs.longestMs.value }, 'lower');
          report(
            `${title}: breaks in the tone`,
            heard.breaks,
            'breaks',
            { name: raw, value: theirs.breaks.value },
            'lower',
          );
          report(`${title}: delay afterwards`, heard.delayMs, 'ms', { name: raw, value: theirs.delayMs }, 'lower');
          report(`${title}: underruns`, heard.underruns!, 'underruns', undefined, 'lower');
        }
      }
    } finally {
      await server.close();
    }
  },
};

async function listen(line: Promise<Line>, ms: number, times: number): Promise<Heard> {
  const { speaker, hearer } = await line;
  await using _speaker = speaker;
  await using _hearer = hearer;
  await sleep(realClock, 2_500);
  await hearer.call('record');
  await speaker.call('block', ms);
  await sleep(realClock, times * 1_500 + 700);
  const samples = await hearer.call<Int16Array>('take');
  await speaker.call('unblock');
  const options = { sampleRate: 48_000 };
  if (samples.length < 48 * 1_500 * times * 0.9) throw new Error(`only ${samples.length / 48} ms were heard`);
  const found = (some: Int16Array) => {
    const { gaps, longestMs } = findGaps(some, { ...options, thresholdDbfs });
    return { gaps: gaps.length, longestMs, breaks: toneContinuity(some, { ...options, frequency: 440 }).count };
  };
  const whole = found(samples);
  // A stall and the time until the next one are a round.
  const length = Math.floor(samples.length / times);
  const each = Array.from({ length: times }, (_, at) => found(samples.subarray(at * length, (at + 1) * length)));
  const rounds = (name: keyof typeof whole) => ({ value: whole[name], rounds: each.map((one) => one[name]) });
  const underruns = await speaker.call<number>('underruns').catch(() => undefined);
  const end = await speaker.call<number>('end');
  await sleep(realClock, 1_500);
  const delayMs = (await hearer.call<number>('soundAt')) - end;
  return { gaps: rounds('gaps'), longestMs: rounds('longestMs'), breaks: rounds('breaks'), delayMs, underruns };
}

async function rawLine(): Promise<Line> {
  const [speaker, hearer] = [new ChildProgram('raw-tone'), new ChildProgram('raw-tone')];
  await speaker.call('accept', await hearer.call('answer', await speaker.call('offer')));
  await hearer.call('hear');
  await speaker.call('speak');
  return { speaker, hearer };
}

async function callLine(url: string, { mode, capacityMs }: Caller): Promise<Line> {
  const [speaker, hearer] = [new ChildProgram('call-tone'), new ChildProgram('call-tone')];
  await hearer.call('hear', url);
  await speaker.call('speak', url, mode, capacityMs);
  return { speaker, hearer };
}
