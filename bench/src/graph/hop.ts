// What a graph costs: one more actor, a stalled branch. No codec and no call.

import { gstreamerMs } from '../measuring/gstreamer.ts';
import type { Bench } from '../measuring/report.ts';
import { least } from '../measuring/rounds.ts';
import { graphMs, stepsMs } from './hop-graph.ts';
import { asyncGeneratorsMs, nodeStreamsMs, type PassFrames, rxjsMs, testFrames, webStreamsMs } from './hop-peers.ts';

const hops = 10;

type TestFrames = ReturnType<typeof testFrames>;

/**
 * What is measured: the operator of each actor is RxJS's `map` or core's `mapFrames`. One after the other, since a process
 * that has seen both calls each more slowly.
 */
const lines: readonly { readonly metric: string; readonly pass: PassFrames; readonly frames: number }[] = [
  { metric: 'through an actor, metrics on', pass: graphMs, frames: 200_000 },
  { metric: 'through an actor of mapFrames, metrics on', pass: stepsMs, frames: 200_000 },
];

interface Way {
  readonly name: string;
  readonly pass: PassFrames;
  readonly frames: number;
}

/** Frames a round: enough for some tens of milliseconds each. */
const peers: readonly Way[] = [
  { name: 'plain RxJS map', pass: rxjsMs, frames: 200_000 },
  { name: 'async generators', pass: asyncGeneratorsMs, frames: 30_000 },
  { name: 'Node object streams', pass: nodeStreamsMs, frames: 30_000 },
  { name: 'web streams', pass: webStreamsMs, frames: 3_000 },
];

/** A frame's way through one more actor, metrics on, in a line of ten; beside other ways to pass a frame on. */
export const hop: Bench = {
  name: 'hop',
  async run(report, { quick, note }) {
    const rounds = quick ? 2 : 5;
    const frames = testFrames();
    for (const { metric, pass, frames: count } of lines) {
      const found = await inTurn([{ name: metric, pass, frames: count }, ...peers], frames, rounds);
      const own = least(found.get(metric)!);
      const beside = (name: string, value: number) => report(metric, own, 'ns', { name, value }, 'lower');
      for (const { name } of peers) beside(name, least(found.get(name)!).value);
      for (const element of ['identity', 'queue']) {
        const ns = await gstreamerNs(element, quick ? 1 : 3);
        if (ns === undefined) note(`gst-launch-1.0 is not installed: no row for ${element}`);
        else beside(`GStreamer ${element}`, ns);
      }
    }
  },
};

/** Nanoseconds a hop of each round, in turn, so that what else the machine does meets all. The first round warms up. */
async function inTurn(
  ways: readonly Way[],
  frames: TestFrames,
  rounds: number,
): Promise<ReadonlyMap<string, number[]>> {
  const found = new Map<string, number[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const { name, pass, frames: count } of ways) {
      const ns = ((await pass(frames, count, hops)) * 1e6) / (count * hops);
      if (round > 0) found.get(name)!.push(ns);
    }
  }
  return found;
}

async function gstreamerNs(element: string, rounds: number): Promise<number | undefined> {
  const buffers = 200_000;
  const ms = await gstreamerMs({
    source: ['fakesrc', `num-buffers=${buffers}`, 'sizetype=fixed', 'sizemax=1920', '!'],
    extra: Array.from({ length: hops }, () => [element, '!']).flat(),
    sink: ['fakesink', 'sync=false'],
    rounds,
  });
  return ms && (ms * 1e6) / (buffers * hops);
}
