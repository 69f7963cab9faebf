import { expect, it } from 'vitest';
import type { Sample, Topology } from '../../protocol/messages.ts';
import { KEPT_MOMENTS, Past } from './past.ts';
import { seriesOf } from './series.ts';

const topologyOf = (revision: number, ...ids: string[]) =>
  ({ type: 'topology', revision, graphs: [{ graph: 1, links: ids.map((id) => ({ id })) }] }) as unknown as Topology;
const sampleOf = (t: number, links: object, lagMs = 0) =>
  ({
    t,
    process: { lagMs },
    graphs: [{ graph: 1, nodes: { framesIn: [t / 20], waiting: [] }, links }],
  }) as unknown as Sample;
const topology = topologyOf(1, 'a', 'b');
const column = (past: Past, name: string, link?: string) =>
  seriesOf(past.moments, 1, link).find((one) => one.name === name)!.values;

it('keeps of each second what was most, and of drops how many', () => {
  const past = new Past();
  past.push(topology, sampleOf(0, { depthMs: [10, 0], level: [-20, null], droppedFrames: [5, 0] }, 1));
  past.push(topology, sampleOf(200, { depthMs: [90, 0], level: [-6, null], droppedFrames: [5, 0] }, 40));
  past.push(topology, sampleOf(1_000, { depthMs: [20, 30], level: [null, -70], droppedFrames: [7, 4] }, 2));
  expect(column(past, 'Queued')).toEqual([90, 30]);
  expect(column(past, 'Queued', 'b')).toEqual([0, 30]);
  expect(column(past, 'Level')).toEqual([-6, -70]);
  expect(column(past, 'Level', 'b')).toEqual([null, -70]);
  expect(column(past, 'Dropped')).toEqual([0, 6]);
  expect(column(past, 'Dropped', 'a')).toEqual([0, 2]);
  expect(column(past, 'Late')).toEqual([40, 2]);
  expect(past.moments.map(({ samples }) => samples.map(({ t }) => t))).toEqual([[0, 200], [1_000]]);
});

it('goes on behind a change of the graph, in which nothing has dropped yet', () => {
  const past = new Past();
  past.push(topology, sampleOf(0, { depthMs: [10, 5], level: [null, null], droppedFrames: [5, 5] }));
  past.push(topologyOf(2, 'b'), sampleOf(200, { depthMs: [7], level: [null], droppedFrames: [9] }));
  expect(column(past, 'Queued', 'b')).toEqual([5, 7]);
  expect(column(past, 'Queued', 'a')).toEqual([10, null]);
  expect(column(past, 'Dropped', 'b')).toEqual([0, 0]);
});

it('finds the moment of a time with its rates, and forgets what is older than five minutes', () => {
  const past = new Past();
  expect(past.at(0)).toBeUndefined();
  for (let second = 0; second < KEPT_MOMENTS + 20; second++)
    past.push(topology, sampleOf(1_000 * second, { depthMs: [0, 0], level: [null, null], droppedFrames: [0, 0] }));
  expect(past.moments).toHaveLength(KEPT_MOMENTS);
  expect(past.at(0)!.sample.t).toBe(20_000);
  const moment = past.at(100_400)!;
  expect(moment.sample.t).toBe(100_000);
  expect(past.recentAt(moment).nodeRate(1, 'framesIn', 0)).toBe(50);
});
