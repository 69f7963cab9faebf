import { unrecordedEnv } from '@sluice/core/session';
import { VirtualClock } from '@sluice/core/testing';
import { toSvg } from '../drawing/to-svg.ts';
import { wrongUsage } from '../errors.ts';
import { graphOf, programOf } from '../programs/program-of.ts';
import { defineCommand } from '../terms/command.ts';

export const graph = defineCommand({
  name: 'graph',
  summary: 'Draws the graph of a file without running it',
  usage: '<file>',
  words: { least: 1, most: 1 },
  examples: ['sluice graph main.ts', 'sluice graph main.ts --svg > graph.svg', 'sluice graph main.ts --json'],
  flags: {
    mermaid: { type: 'boolean', about: 'as a Mermaid flowchart, which it does unless told otherwise' },
    dot: { type: 'boolean', about: 'in Graphviz DOT' },
    svg: { type: 'boolean', about: 'as a picture that stands alone' },
  },
  async run({ words: [file = ''], values: { mermaid, dot, svg } }) {
    if ([mermaid, dot, svg].filter(Boolean).length > 1)
      throw wrongUsage('--mermaid, --dot and --svg: one of them', 'sluice graph --help');
    const program = await programOf(file);
    const graph = await graphOf(file, program, unrecordedEnv({ clock: new VirtualClock() }));
    const { name, nodes, links, problems } = graph.inspect();
    const form = svg ? 'svg' : dot ? 'dot' : 'mermaid';
    const drawing = svg ? toSvg({ name, nodes, links }) : dot ? graph.toDot() : graph.toMermaid();
    return {
      ok: true,
      result: { name, nodes, links, problems, [form]: drawing },
      text: drawing,
      next: `sluice check ${file}`,
    };
  },
});
