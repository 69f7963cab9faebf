import { type AudioFrame, createSink, graph, pullSource } from '@sluice/core';
import { map } from 'rxjs';
import type { PassFrames } from './hop-peers.ts';

/** Milliseconds for `count` frames through a graph of `hops` actors, whose numbers are looked at afterwards. */
export const graphMs: PassFrames = async (frames, count, hops) => {
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
  for (let hop = 0; hop < hops; hop++) flow = flow.pipe(map((frame) => frame));
  flow.to(sink);
  const start = performance.now();
  await line.run();
  const elapsed = performance.now() - start;
  const { nodes } = line.inspect();
  if (seen !== count || nodes.some((node) => node.kind === 'operator' && node.framesIn !== count))
    throw new Error(`of ${count} frames ${seen} arrived`);
  return elapsed;
};
