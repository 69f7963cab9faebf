import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { trackFrames, VirtualClock } from '@sluice/core/testing';
import { SoakGraph } from './soak-graph.ts';
import { brokenLaws, grown, inBoth, type SoakState, soakState } from './soak-laws.ts';
import { MINUTE_MS, type SoakFaultKind, soakPlan } from './soak-plan.ts';

export interface VirtualSoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** When the clock and media time begin, in milliseconds. Default 0. */
  readonly startMs?: number;
  /** Told after each minute. */
  readonly onMinute?: (minute: number, broken: readonly string[]) => void;
}

export interface VirtualSoakReport {
  readonly seed: number;
  readonly minutes: number;
  /** How many of each kind came. */
  readonly faults: Readonly<Partial<Record<SoakFaultKind, number>>>;
  readonly recordedSamples: number;
  readonly gaps: number;
  readonly utterances: number;
  /** Of all output: that of a seed is always the same. */
  readonly digest: string;
  readonly heapBytes: { readonly first: number | undefined; readonly last: number | undefined };
  readonly broken: readonly string[];
}

/** By when everything is warm: code is compiled, and every kind of fault has come. In minutes. */
const WARM = 2;

/** Runs graphs as they are in life through the faults of a seed, and looks after every minute. */
export async function runVirtualSoak(options: VirtualSoakOptions): Promise<VirtualSoakReport> {
  const { minutes, seed, startMs = 0, onMinute } = options;
  const resources = process.getActiveResourcesInfo().length;
  using frames = trackFrames();
  const clock = new VirtualClock(startMs);
  const soak = new SoakGraph({ clock, seed, startMs });
  const faults: Partial<Record<SoakFaultKind, number>> = {};
  const broken: string[] = [];
  const plan = soakPlan(seed);
  let fault = plan.next().value;
  let warm: SoakState | undefined;
  let last: SoakState | undefined;
  await soak.graph.start();
  for (let minute = 1; minute <= minutes && broken.length < 20; minute++) {
    for (; fault.atMs < minute * MINUTE_MS; fault = plan.next().value) {
      await advanceTo(clock, startMs + fault.atMs);
      faults[fault.kind] = (faults[fault.kind] ?? 0) + 1;
      await soak.break(fault);
    }
    await advanceTo(clock, startMs + minute * MINUTE_MS);
    const heap = minute === WARM || minute === minutes || minute % 60 === 0 ? heapBytes() : undefined;
    const before = last;
    last = soakState(soak, frames, clock.timers, heap);
    if (minute === WARM) warm = last;
    const wrong = brokenLaws(soak, minute * MINUTE_MS);
    if (warm !== undefined && before !== undefined) wrong.push(...grown(warm, inBoth(before, last)));
    broken.push(...wrong.map((what) => `minute ${minute}: ${what}`));
    onMinute?.(minute, wrong);
  }
  await soak.close();
  if (soak.utterances !== soak.settled) broken.push(`end: ${soak.utterances - soak.settled} receipts have not settled`);
  if (frames.open > 0) broken.push(`end: ${frames.open} frames left in ${frames.list().map(({ node }) => node)}`);
  if (clock.timers > 0) broken.push(`end: ${clock.timers} timers are left`);
  const left = process.getActiveResourcesInfo().length - resources;
  if (left > 0) broken.push(`end: ${left} handles are open: ${process.getActiveResourcesInfo()}`);
  const { recorder, utterances } = soak;
  return {
    seed,
    minutes,
    faults,
    recordedSamples: recorder.samples,
    gaps: recorder.gaps,
    utterances,
    digest: soak.digest(),
    heapBytes: { first: warm?.heap, last: last?.heap },
    broken,
  };
}

/** Without the turn of the event loop that `advance` gives each timer: a day has a hundred million of them. */
async function advanceTo(clock: VirtualClock, atMs: number): Promise<void> {
  let reached = () => {};
  const until = new Promise<void>((resolve) => {
    reached = resolve;
  });
  clock.at(atMs, reached);
  await clock.run({ until });
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}
