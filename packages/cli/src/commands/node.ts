import { nearestName } from '@sluice/core';
import { wrongUsage } from '../errors.ts';
import { declarationOf } from '../pages/declaration.ts';
import { installedNodes } from '../pages/installed-nodes.ts';
import { type NodeEntry, nodeEntries } from '../pages/node-entries.ts';
import { describePluginNode } from '../pages/plugin-node.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';

export const node = defineCommand({
  name: 'node',
  summary: 'Shows a node: what it does, its options, the latency it adds',
  usage: '<name>',
  words: { least: 1, most: 1 },
  examples: ['sluice node gain', 'sluice node fromTone', 'sluice node mix --json'],
  flags: { in: { type: 'string', value: '<folder>', about: 'from where plugins are looked for; default: here' } },
  async run({ words: [name = ''], values: { in: folder = process.cwd() } }) {
    const entry = (await nodeEntries()).find((one) => one.name === name);
    if (entry !== undefined) return ours(entry);
    const installed = await installedNodes(folder);
    const found = installed.find((one) => one.name === name);
    if (found !== undefined) return describePluginNode(found, folder);
    const near = nearestName(
      name,
      installed.map((one) => one.name),
    );
    const hint = near === undefined ? '' : `; did you mean ${near}?`;
    throw wrongUsage(`there is no node ${name}${hint}`, 'sluice list nodes');
  },
});

async function ours({ name, call, about, latency }: NodeEntry): Promise<Outcome> {
  const declared = await declarationOf(name);
  const options = declared === undefined || declared.options === '' ? '' : `\n${name} takes\n${declared.options}\n`;
  const text = `${call}   @sluice/nodes\n\n${about}\nLatency: ${latency}\n\n${declared?.about ?? ''}\n${options}`;
  return {
    ok: true,
    result: { name, package: '@sluice/nodes', call, about, latency, ...declared },
    text: `${text.trimEnd()}\n`,
  };
}
