import type { GraphSample, Sample, Topology } from '@sluice/inspector';
import { describe, expect, it } from 'vitest';
import { FillHistory, figuresTable } from './figures-table.ts';
import { graphFigures } from './graph-figures.ts';

const topology: Topology = {
  type: 'topology',
  revision: 1,
  graphs: [
    {
      graph: 3,
      name: 'bot',
      nodes: [
        { id: 'mic', kind: 'source', description: '', groups: [], thread: 'main', live: true },
        { id: 'out', kind: 'sink', description: '', groups: [], thread: 'main', live: true },
      ],
      links: [{ id: 'l', from: 'mic', to: 'out', port: 'in', policy: 'block', capacity: { frames: 10, ms: null } }],
    },
  ],
};

function sample(t: number, frames: number, dropped: number): Sample {
  const none = [0, 0];
  const graph: GraphSample = {
    graph: 3,
    status: 'running',
    epoch: 0,
    uptimeMs: t,
    states: ['running', 'running'],
    nodes: {
      ...{ framesIn: [0, frames], framesOut: [frames, 0], staleFrames: none, held: [0, 4], waiting: none },
      ...{ paused: none, errors: none, restarts: none, p50: [2_000, 10], p99: [3_000, 20], max: none },
    },
    links: {
      ...{ frames: [frames], droppedFrames: [dropped], droppedMs: [0], depth: [5], depthMs: [100], maxDepth: [5] },
      ...{ full: [0], waitP50: [0], waitP99: [0], ageP50: [12], ageP95: [41.6], level: [-12.34] },
    },
    problems: [
      { text: 'out is slow', fix: 'give it a worker', firstMs: 20 },
      { text: 'mic was restarted once', firstMs: 0, lastMs: 10, past: true },
    ],
    faults: [],
    figures: { call: { participants: 2, deep: { not: 'told' } } },
  };
  return { type: 'sample', t, revision: 1, graphs: [graph], process: { lagMs: 0.5, rssMb: 80, cpu: 0.25 } };
}

describe('graphFigures', () => {
  it('tells rates and shares between two samples', () => {
    const [bot] = graphFigures(topology, sample(1_000, 100, 1), sample(3_000, 200, 4));
    expect(bot).toMatchObject({
      name: 'bot',
      nodes: [
        { id: 'mic', outPerSecond: 50, inPerSecond: 0, busy: 0.1, p99Ms: 3 },
        { id: 'out', inPerSecond: 50, held: 4 },
      ],
      links: [
        { framesPerSecond: 50, depthMs: 100, ageMs: 41.6, fill: 0.5, dropped: 4, droppedLately: 3, level: -12.34 },
      ],
      problems: [{ text: 'out is slow', fix: 'give it a worker', firstMs: 20 }],
    });
    const still = sample(1_000, 100, 1);
    expect(graphFigures(topology, still, still)[0]?.nodes[0]?.outPerSecond).toBe(0);
    expect(graphFigures(topology, still, { ...still, graphs: [] })).toEqual([]);
  });

  it('is a table with a bar for each look', () => {
    const history = new FillHistory();
    const graphs = graphFigures(topology, sample(1_000, 100, 1), sample(3_000, 200, 4));
    for (let look = 0; look < 20; look++) history.push(graphs);
    const table = figuresTable(graphs, sample(0, 0, 0).process, history, (_, text) => text);
    expect(table).toBe(`cpu 25 %  memory 80 MB  loop late 0.5 ms

bot  running  3.0 s
  node    state  in/s  out/s  busy %  p99 ms  held  errors
  mic   running   0.0   50.0    10.0    3.00     0       0
  out   running  50.0    0.0     0.1    0.02     4       0
  link       frames/s  queued ms  age ms              fill  dropped   dBFS
  mic > out      50.0        100      42  ${'▅'.repeat(16)}     4 +3  -12.3
call  participants 2
! out is slow; give it a worker`);
  });

  it('of more than fits is what most needs to be looked at, and how much is left out', () => {
    const [graph] = graphFigures(topology, sample(1_000, 100, 1), sample(3_000, 200, 4));
    const [node, link] = [graph!.nodes[0]!, graph!.links[0]!];
    const many = Array.from({ length: 200 }, (_, index) => index);
    const quiet = { dropped: 0, droppedLately: 0 };
    const large = {
      ...graph!,
      nodes: many.map((at) => ({ ...node, id: `n${at}`, busy: at / 1_000, errors: at === 7 ? 1 : 0 })),
      links: many.map((at) => ({ ...link, from: `n${at}`, to: 'x', fill: at / 200, ...(at === 9 ? {} : quiet) })),
    };
    const rowsOf = (rows: number) =>
      figuresTable([large], sample(0, 0, 0).process, new FillHistory(), (_, text) => text, { rows }).split('\n');
    const fitting = rowsOf(30);
    expect(fitting.length).toBeLessThanOrEqual(30);
    expect(fitting.length).toBeGreaterThan(26);
    expect(fitting.slice(4, 6).map((row) => row.trim().split(' ')[0])).toEqual(['n7', 'n199']);
    const links = fitting.findIndex((row) => row.includes('frames/s'));
    expect(fitting[links - 1]).toMatch(/… 190 more nodes/);
    expect(fitting.slice(links + 1, links + 3).map((row) => row.trim().split(' ')[0])).toEqual(['n9', 'n199']);
    expect(fitting.at(-1)).toBe('! out is slow; give it a worker');
    expect(rowsOf(5)).toHaveLength(fitting.length - 14);
    expect(rowsOf(500)).toHaveLength(407);
  });
});
