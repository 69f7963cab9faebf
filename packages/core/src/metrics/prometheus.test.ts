import { readFileSync } from 'node:fs';
import parse from 'parse-prometheus-text-format';
import { describe, expect, it } from 'vitest';
import { collect, numbers } from '../../test/graph-fixtures.ts';
import { type AudioFrame, createSink, graph, graphMetrics, prometheus } from '../index.ts';

/** What a foreign parser reads, as `name{labels} -> value`. */
function read(text: string) {
  const families = parse(text);
  expect(families.map(({ name }) => name)).toEqual([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
  const series = families.flatMap(({ name, metrics }) =>
    metrics.map(({ labels = {}, value }) => [`${name}${JSON.stringify(labels)}`, Number(value)] as const),
  );
  expect(new Set(series.map(([key]) => key)).size).toBe(series.length);
  return (name: string, labels: Readonly<Record<string, string>> = {}) => {
    const all = families.find((family) => family.name === name)?.metrics ?? [];
    const same = ({ labels: has = {} }: { readonly labels?: Readonly<Record<string, string>> }) =>
      Object.entries(labels).every(([key, is]) => has[key] === is);
    return all.filter(same).map(({ value }) => Number(value));
  };
}

const played = (name: string) =>
  createSink<AudioFrame>({
    name,
    glitches: () => ({ gaps: 2, gapMs: 300, concealedMs: 40, playedMs: 90_000 }),
    open: () => ({ write: (frame) => frame.close(), end() {} }),
  });

describe('figures of graphs for Prometheus', () => {
  it('are what inspect() tells, each under its name and in seconds', async () => {
    const bot = graph('bot');
    bot.from(numbers(300), { name: 'count' }).to(played('mic'));
    bot.figures('agent', () => ({ turns: 3, latencyMs: { p50: 640 }, muted: true, name: 'Ada' }));
    await bot.run();
    const figure = read(prometheus(bot));
    expect(figure('sluice_graph_status', { graph: 'bot', status: 'done' })).toEqual([1]);
    expect(figure('sluice_node_frames_in_total', { node: 'mic' })).toEqual([300]);
    expect(figure('sluice_node_played_duration_seconds_total')).toEqual([90]);
    expect(figure('sluice_node_gap_duration_seconds_total', { node: 'mic' })).toEqual([0.3]);
    expect(figure('sluice_link_frames_total', { from: 'count', to: 'mic' })).toEqual([300]);
    expect(figure('sluice_link_capacity_frames')).toEqual([bot.inspect().links[0]!.capacity.frames]);
    const p99 = bot.inspect().nodes[1]!.processing.p99;
    expect(figure('sluice_node_processing_duration_seconds', { node: 'mic', quantile: '0.99' })).toEqual([p99 / 1e6]);
    expect(figure('sluice_figure', { of: 'agent' })).toEqual([3, 640, 1]);
    expect(figure('sluice_figure', { of: 'agent', figure: 'latencyMs.p50' })).toEqual([640]);
    expect(figure('sluice_pool_open_memory_bytes')).toHaveLength(1);
  });

  it('of several graphs are one text, also of two of one name, and with any name', () => {
    const odd = 'a "b" \\ c\nd,{}=#';
    const bots = [graph(odd), graph('same'), graph('same')];
    for (const bot of bots) bot.from(numbers(1)).to(collect());
    const text = prometheus(bots);
    const figure = read(text);
    for (const name of [odd, 'same', 'same-2'])
      expect(figure('sluice_node_frames_out_total', { graph: name, node: 'numbers' })).toEqual([0]);
    expect(figure('sluice_node_frames_out_total')).toHaveLength(6);
    expect(text).not.toMatch(/undefined|null|\[object/);
  });

  it('of no graph are names without values; what is no graph is refused', () => {
    const figure = read(prometheus([]));
    expect(figure('sluice_node_errors_total')).toEqual([]);
    expect(() => prometheus({} as never)).toThrow(TypeError);
  });

  it('of somebody who tells endlessly are two hundred', () => {
    const bot = graph('bot');
    bot.figures('rooms', () => Object.fromEntries(Array.from({ length: 1_000 }, (_, room) => [`room-${room}`, room])));
    expect(read(prometheus(bot))('sluice_figure')).toHaveLength(200);
  });

  it('stand in the page, all of them and no other', () => {
    const page = readFileSync(new URL('../../../../docs/metrics.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(sluice\.(?!fleet|worker|bot)[\w.]+)` \| `([^`]+)` \| (\w+) \|/gm)];
    const told = rows.map((row) => row.slice(1));
    expect(told).toEqual(graphMetrics([]).map(({ name, unit, type }) => [name, unit, type]));
  });
});
