import { unrecordedEnv } from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { graphOf, programOf } from '../programs/program-of.ts';
import { defineCommand } from '../terms/command.ts';

export const graph = defineCommand({
  name: 'graph',
  summary: 'Draws the graph of a file without running it',
  usage: '<file>',
  words: { least: 1, most: 1 },
  examples: [
    'sluice graph main.ts',
    'sluice graph main.ts --dot | dot -Tsvg > graph.svg',
    'sluice graph main.ts --json',
  ],
  flags: { dot: { type: 'boolean', about: 'in Graphviz DOT instead of Mermaid' } },
  async run({ words: [file = ''], values: { dot } }) {
    const program = await programOf(file);
    const graph = await graphOf(file, program, unrecordedEnv({ clock: new VirtualClock() }));
    const { name, nodes, links, problems } = graph.inspect();
    const drawing = dot ? graph.toDot() : graph.toMermaid();
    return {
      ok: true,
      result: { name, nodes, links, problems, ...(dot ? { dot: drawing } : { mermaid: drawing }) },
      text: drawing,
      next: `sluice check ${file}`,
    };
  },
});
