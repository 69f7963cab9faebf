import { expect, it } from 'vitest';
import type { GraphSample, Sample, Topology } from '../../protocol/messages.ts';
import { Past } from './past.ts';
import { framesIn } from './turn-frames.ts';

const link = (id: string) => ({ id, from: id[0]!, to: id[1]! });
const topologyOf = (revision: number) =>
  ({
    type: 'topology',
    revision,
    graphs: [{ graph: 1, name: 'bot', nodes: [], links: [link('ab'), link('bc')] }],
  }) as unknown as Topology;

/** Three seconds of looks, five a second: ten frames pass `ab` between two of them, `bc` drops one in the second second. */
function seen(topology: Topology, withAges = true): Past {
  const past = new Past();
  for (let look = 0; look <= 15; look++) {
    const links = {
      frames: [10 * look, 0],
      droppedFrames: [0, look > 7 ? 1 : 0],
      depthMs: [look === 6 ? 80 : 20, 0],
      level: [null, null],
      ...(withAges ? { ageP95: [look === 9 ? 300 : 40, null] } : {}),
    } as unknown as GraphSample['links'];
    const sample = { type: 'sample', t: 200 * look, revision: topology.revision, graphs: [{ graph: 1, links }] };
    past.push(topology, { ...sample, process: { lagMs: 0, rssMb: 1, cpu: 0 } } as unknown as Sample);
  }
  return past;
}

it('tells what passed each link between two times, how old it was and how much waited', () => {
  const { moments } = seen(topologyOf(1));
  const told = { link: 'ab', from: 'a', to: 'b' };
  expect(framesIn(moments, 1, 1_000, 2_000)).toEqual([
    { ...told, passed: 50, dropped: 0, ageMs: 300, queuedMs: 80 },
    { link: 'bc', from: 'b', to: 'c', passed: 0, dropped: 1, ageMs: undefined, queuedMs: 0 },
  ]);
  expect(framesIn(moments, 1, 2_200, 2_400)).toEqual([{ ...told, passed: 10, dropped: 0, ageMs: 40, queuedMs: 20 }]);
});

it('tells nothing of a time at which nobody looked, of another graph, and no age that was not recorded', () => {
  const { moments } = seen(topologyOf(1));
  expect(framesIn(moments, 1, -500, -100)).toEqual([]);
  expect(framesIn(moments, 2, 1_000, 2_000)).toEqual([]);
  expect(framesIn([], 1, 0, 1_000)).toEqual([]);
  expect(framesIn(seen(topologyOf(1), false).moments, 1, 0, 3_000)[0]?.ageMs).toBeUndefined();
});
