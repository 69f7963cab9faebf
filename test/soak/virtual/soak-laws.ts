import type { FrameTracker } from '@sluice/core/testing';
import { RATE, type SoakGraph } from './soak-graph.ts';

/** Receipts of what is said just now, and of what is still on its way. */
const OPEN_RECEIPTS = 2;
/** What may wait in a mixer, a device and a recorder at the end of a quiet stretch. */
const LATENCY_MS = 400;
/** Frames and timers under way at one moment more than at another. */
const UNDER_WAY = 3;
/** A heap that grows by more leaks. */
const HEAP_BYTES = 4e6;

/** How much there is of what must not grow. */
export interface SoakState {
  readonly timers: number;
  readonly open: number;
  readonly nodes: number;
  readonly links: number;
  /** Bytes after a collection; undefined where it was not looked. */
  readonly heap: number | undefined;
}

export function soakState(
  { graph }: SoakGraph,
  frames: FrameTracker,
  timers: number,
  heap: number | undefined,
): SoakState {
  const { nodes, links } = graph.inspect();
  return { timers, open: frames.open, nodes: nodes.length, links: links.length, heap };
}

/** Laws that hold at the end of every minute. `sinceMs`: since the start. */
export function brokenLaws(soak: SoakGraph, sinceMs: number): string[] {
  const { graph, recorder, accounts } = soak;
  const snapshot = graph.inspect();
  const broken = [...accounts.check(snapshot), ...accounts.broken.splice(0), ...recorder.broken.splice(0)];
  if (snapshot.status !== 'running') broken.push(`the graph is ${snapshot.status}`);
  const behindMs = sinceMs - (recorder.samples * 1_000) / RATE;
  if (behindMs < 0 || behindMs > LATENCY_MS) broken.push(`the recorder is ${behindMs} ms behind the sample clock`);
  const unsettled = soak.utterances - soak.settled;
  if (unsettled < 0 || unsettled > OPEN_RECEIPTS) broken.push(`${unsettled} receipts have not settled`);
  if (soak.begins - soak.ends < 0 || soak.begins - soak.ends > 1)
    broken.push(`speech began ${soak.begins} times and ended ${soak.ends} times`);
  if (soak.microphone.counters.underruns > 0)
    broken.push(`the device ran dry ${soak.microphone.counters.underruns} times behind a mixer that never does`);
  const counted = snapshot.nodes.reduce((sum, { errors }) => sum + errors, 0);
  if (counted !== soak.errors) broken.push(`${soak.errors} faults were thrown, ${counted} were counted`);
  return broken;
}

/** What was there in two minutes: who works off a stall at the end of one of them has more under way than a leak leaves. */
export function inBoth(one: SoakState, other: SoakState): SoakState {
  const least = (key: 'timers' | 'open' | 'nodes' | 'links') => Math.min(one[key], other[key]);
  return {
    timers: least('timers'),
    open: least('open'),
    nodes: least('nodes'),
    links: least('links'),
    heap: other.heap,
  };
}

/** What has grown since a former minute. */
export function grown(then: SoakState, now: SoakState): string[] {
  const broken: string[] = [];
  for (const [key, most] of [
    ['timers', UNDER_WAY],
    ['open', UNDER_WAY],
    ['nodes', 0],
    ['links', 0],
  ] as const)
    if (now[key] > then[key] + most) broken.push(`${key}: ${then[key]} have become ${now[key]}`);
  if (then.heap !== undefined && now.heap !== undefined && now.heap > then.heap + HEAP_BYTES)
    broken.push(`the heap grew from ${then.heap} to ${now.heap} bytes`);
  return broken;
}
