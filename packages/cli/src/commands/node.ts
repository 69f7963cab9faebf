import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import { installOf, listedNodes } from '../pages/listed-nodes.ts';
import { type NodeEntry, type NodeOption, nodeEntries } from '../pages/node-entries.ts';
import { describePluginNode } from '../pages/plugin-node.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';
import { columns, fold } from '../terms/fold.ts';

export const node = defineCommand({
  name: 'node',
  summary: 'Shows a node: what it does, its options, the latency it adds',
  usage: '<name>',
  words: { least: 1, most: 1 },
  examples: ['sluice node gain', 'sluice node fromTone', 'sluice node mix --json'],
  flags: { in: { type: 'string', value: '<folder>', about: 'from where packages are looked for; default: here' } },
  async run({ words: [name = ''], values: { in: folder = process.cwd() }, width }) {
    const entry = (await nodeEntries()).find((one) => one.name === name);
    if (entry !== undefined) return documented(entry, folder, width);
    const listed = await listedNodes(folder);
    const found = listed.find((one) => one.name === name);
    if (found !== undefined) return describePluginNode(found, folder);
    const near = nearestName(
      name,
      listed.map((one) => one.name),
    );
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw wrongUsage(`there is no node ${name}${hint}`, 'sluice list nodes');
  },
});

function documented(entry: NodeEntry, folder: string, width: number): Outcome {
  const { install } = installOf(entry.package, folder);
  const { call, about, latency, description, example, options } = entry;
  const parts = [
    fold(`${call}   ${entry.package}${install === undefined ? '' : ` (not installed: ${install})`}`, width, 2),
    fold(`${about}\nLatency: ${latency}`, width),
    fold(description, width),
    ...(options.length === 0 ? [] : [`Options\n${columns(options.map(rowOf), width).trimEnd()}`]),
    example,
  ];
  return {
    ok: true,
    result: { ...entry, ...(install === undefined ? {} : { install }) },
    text: `${parts.filter((part) => part !== '').join('\n\n')}\n`,
    ...(install === undefined ? {} : { next: install }),
  };
}

function rowOf({ name, isRequired, type, about }: NodeOption): readonly [string, string] {
  return [`${name}${isRequired ? ' (required)' : ''}`, `${type}: ${about}`];
}
