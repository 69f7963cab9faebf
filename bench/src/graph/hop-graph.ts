import { type AudioFrame, createSink, type Graph, graph, mapFrames, pullSource } from '@sluice/core';
import { map, type OperatorFunction } from 'rxjs';
import type { PassFrames } from './hop-peers.ts';

/** What looks at the graph, and what each hop does. */
interface Line {
  readonly watch?: (line: Graph) => void;
  readonly pass?: (frame: AudioFrame) => AudioFrame;
  /** The operator of each actor: RxJS's `map`, or core's own. Default `map`. */
  readonly operator?: (pass: (frame: AudioFrame) => AudioFrame) => OperatorFunction<AudioFrame, AudioFrame>;
}

/** Milliseconds for `count` frames through a graph of `hops` actors, whose numbers are looked at afterwards. */
export const graphMs: PassFrames = (frames, count, hops) => lineMs(frames, count, hops, {});

/** The same through actors that call the function straight, without RxJS in between. */
export const stepsMs: PassFrames = (frames, count, hops) => lineMs(frames, count, hops, { operator: mapFrames });

/** The same of a graph that somebody looks at. */
export async function lineMs(
  frames: readonly AudioFrame[],
  count: number,
  hops: number,
  { watch = () => {}, pass = (frame) => frame, operator = map }: Line,
): Promise<number> {
  let read = 0;
  let seen = 0;
  const source = pullSource<AudioFrame>({ name: 'frames' }, () => ({
    read: () => (read < count ? frames[read++ % frames.length]! : null),
  }));
  // Not closed: the same frames come again.
  const sink = createSink<AudioFrame>({
    name: 'count',
    open: () => ({
      write: () => {
        seen++;
      },
      end: () => {},
    }),
  });
  const line = graph('hop');
  let flow = line.from(source);
  for (let hop = 0; hop < hops; hop++) flow = flow.pipe(operator(pass));
  flow.to(sink);
  watch(line);
  const start = performance.now();
  await line.run();
  const elapsed = performance.now() - start;
  const { nodes } = line.inspect();
  if (seen !== count || nodes.some((node) => node.kind === 'operator' && node.framesIn !== count))
    throw new Error(`of ${count} frames ${seen} arrived`);
  return elapsed;
}
