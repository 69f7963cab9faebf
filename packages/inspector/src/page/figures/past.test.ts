import { expect, it } from 'vitest';
import type { Sample, Topology } from '../../protocol/messages.ts';
import { KEPT_MOMENTS, KEPT_STRETCHES, Past, STRETCH_MOMENTS } from './past.ts';
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

const quiet = { depthMs: [0, 0], level: [null, null], droppedFrames: [0, 0] };

it('finds the moment of a time with its rates, and makes stretches of what is older than five minutes', () => {
  const past = new Past();
  expect(past.at(0)).toBeUndefined();
  const seconds = KEPT_MOMENTS + 4 * STRETCH_MOMENTS;
  for (let second = 0; second < seconds; second++) {
    const links = { depthMs: [second === 7 ? 90 : 20, 5], level: [null, second === 8 ? -6 : null] };
    past.push(topology, sampleOf(1_000 * second, { ...links, droppedFrames: [second < 9 ? 0 : 12, 0] }, second));
  }
  expect(past.moments).toHaveLength(KEPT_MOMENTS + 4);
  // The second stretch is that of the seconds 5 to 9: what happened in it is found there, wherever in it.
  for (const t of [5_000, 7_300, 9_999]) expect(past.at(t)).toBe(past.moments[1]);
  const stretch = past.moments[1]!;
  expect([stretch.from, stretch.sample.t, stretch.samples.length]).toEqual([5_000, 9_000, 1]);
  const range = (name: string, link?: string) => {
    const { values, least } = seriesOf(past.moments, 1, link).find((one) => one.name === name)!;
    return [least![1], values[1]];
  };
  expect(range('Queued')).toEqual([20, 90]);
  expect(range('Queued', 'a')).toEqual([20, 90]);
  expect(range('Queued', 'b')).toEqual([5, 5]);
  expect(range('Level')).toEqual([-6, -6]);
  expect(range('Level', 'a')).toEqual([null, null]);
  expect(range('Dropped')).toEqual([0, 12]);
  expect(range('Dropped', 'b')).toEqual([0, 0]);
  expect(range('Late')).toEqual([5, 9]);
  expect(range('GC')).toEqual([null, null]);
  expect(column(past, 'Dropped').filter((frames) => frames! > 0)).toEqual([12]);
  expect(past.recentAt(past.at(100_400)!).nodeRate(1, 'framesIn', 0)).toBe(50);
  expect(past.recentAt(stretch).nodeRate(1, 'framesIn', 0)).toBe(50);
});

it('forgets what is older than fifteen minutes, and joins nothing across a change of the graph', () => {
  const past = new Past();
  const [before, after] = [topologyOf(1, 'a', 'b'), topologyOf(2, 'b', 'a')];
  for (let second = 0; second < 3_000; second++)
    past.push(second < 2_402 ? before : after, sampleOf(1_000 * second, quiet));
  expect(past.moments.length).toBeLessThan(KEPT_MOMENTS + KEPT_STRETCHES + STRETCH_MOMENTS);
  const stretches = past.moments.filter(({ ranges }) => ranges !== undefined);
  expect(stretches).toHaveLength(KEPT_STRETCHES);
  const lengths = stretches.map(({ from, sample }) => (sample.t - from) / 1_000 + 1);
  expect(lengths.filter((length) => length !== STRETCH_MOMENTS)).toEqual([2]);
  expect(past.at(2_401_500)!.topology).toBe(before);
  expect(past.at(2_402_000)!.topology).toBe(after);
  // The oldest that is kept, for what is forgotten.
  expect(past.at(0)).toBe(past.moments[0]);
  expect(past.moments[0]!.from).toBeGreaterThan(2_000_000);
});
