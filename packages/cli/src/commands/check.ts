import type { Graph, GraphSnapshot } from '@sluice/core';
import { unrecordedEnv } from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { graphOf, programOf } from '../programs/program-of.ts';
import { defineCommand, type Problem } from '../terms/command.ts';

export const check = defineCommand({
  name: 'check',
  summary: 'Looks for faults in the graph of a file without running it',
  usage: '<file>',
  words: { least: 1, most: 1 },
  examples: ['sluice check main.ts', 'sluice check main.ts --json', 'sluice check main.ts && sluice run main.ts'],
  flags: {},
  async run({ words: [file = ''] }) {
    const program = await programOf(file);
    const graph = await graphOf(file, program, unrecordedEnv({ clock: new VirtualClock() }));
    const snapshot = graph.inspect();
    const problems = [...formatProblems(graph), ...problemsOf(snapshot)];
    const { name, nodes, links } = snapshot;
    return {
      ok: problems.length === 0,
      result: { name, nodes: nodes.length, links: links.length },
      text: problems.length === 0 ? `${name}: ${nodes.length} nodes, ${links.length} links, no fault found\n` : '',
      problems,
      next: problems.length === 0 ? `sluice run ${file}` : `sluice graph ${file}`,
    };
  },
});

/** What the start would refuse, with its own words. A program may have an older core, which cannot tell. */
function formatProblems(graph: Partial<Pick<Graph, 'formatFaults'>>): readonly Problem[] {
  return (graph.formatFaults?.() ?? []).map((error) => ({
    ...('code' in error ? { code: `${error.code}` } : {}),
    message: error.message,
  }));
}

/** What hangs loose or is doubtful. */
function problemsOf({ name, nodes, links, problems }: GraphSnapshot): readonly Problem[] {
  const linked = new Set(links.flatMap(({ from, to }) => [from, to]));
  const read = new Set(links.map(({ from }) => from));
  const fed = new Set(links.map(({ to }) => to));
  return [
    ...(nodes.length === 0 ? [{ code: 'SLUICE_GRAPH_INVALID', message: `${name} has no nodes` }] : []),
    ...nodes.flatMap(({ id, kind, warnings }) => [
      ...(nodes.length > 1 && !linked.has(id) ? [{ message: `${id} is linked to nothing` }] : []),
      ...(linked.has(id) && kind === 'source' && !read.has(id) ? [{ message: `nothing takes what ${id} gives` }] : []),
      ...(linked.has(id) && kind === 'operator' && !read.has(id)
        ? [{ message: `nothing takes what ${id} gives` }]
        : []),
      ...(linked.has(id) && kind === 'sink' && !fed.has(id) ? [{ message: `nothing gives to ${id}` }] : []),
      ...warnings.map((message) => ({ message: `${id}: ${message}` })),
    ]),
    ...problems.map((message) => ({ message })),
  ];
}
