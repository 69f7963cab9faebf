// What a graph costs: one more actor, a stalled branch. No codec and no call.

import { gstreamerMs } from '../measuring/gstreamer.ts';
import type { Bench } from '../measuring/report.ts';
import { least } from '../measuring/rounds.ts';
import { graphMs } from './hop-graph.ts';
import { asyncGeneratorsMs, nodeStreamsMs, type PassFrames, rxjsMs, testFrames, webStreamsMs } from './hop-peers.ts';

const hops = 10;

/** Frames a round: enough for some tens of milliseconds each. */
const peers: readonly { readonly name: string; readonly pass: PassFrames; readonly frames: number }[] = [
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
    const found = new Map<string, number[]>();
    // In turn, so that what else the machine does meets all; the best of each. The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const { name, pass, frames: count } of [{ name: 'sluice', pass: graphMs, frames: 200_000 }, ...peers]) {
        const ns = ((await pass(frames, count, hops)) * 1e6) / (count * hops);
        if (round > 0) found.set(name, [...(found.get(name) ?? []), ns]);
      }
    }
    const beside = (name: string, value: number) =>
      report('through an actor, metrics on', least(found.get('sluice')!), 'ns', { name, value }, 'lower');
    for (const { name } of peers) beside(name, least(found.get(name)!).value);
    for (const element of ['identity', 'queue']) {
      const ns = await gstreamerNs(element, quick ? 1 : 3);
      if (ns === undefined) note(`gst-launch-1.0 is not installed: no row for ${element}`);
      else beside(`GStreamer ${element}`, ns);
    }
  },
};

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
