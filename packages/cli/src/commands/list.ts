import { nearestName } from '@sluice/core';
import { listPlugins } from '@sluice/core/plugins';
import { wrongUsage } from '../errors.ts';
import { listedNodes } from '../pages/listed-nodes.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';
import { columns } from '../terms/help.ts';

const kinds = ['nodes', 'plugins'];

export const list = defineCommand({
  name: 'list',
  summary: 'Lists the nodes and where each is imported from, or the plugins that are installed',
  usage: '[nodes|plugins]',
  words: { least: 0, most: 1 },
  examples: ['sluice list', 'sluice list plugins', 'sluice list nodes --json'],
  flags: { in: { type: 'string', value: '<folder>', about: 'from where packages are looked for; default: here' } },
  run({ words: [kind = 'nodes'], values: { in: folder = process.cwd() } }) {
    if (kind === 'nodes') return nodes(folder);
    if (kind === 'plugins') return plugins(folder);
    const near = nearestName(kind, kinds);
    throw wrongUsage(`sluice list takes ${kinds.join(' or ')}${near === undefined ? '' : `; did you mean ${near}?`}`);
  },
});

async function nodes(folder: string): Promise<Outcome> {
  const result = await listedNodes(folder);
  const text = columns(
    result.map((node) => [
      `${node.package} ${node.name}`,
      node.install ? `not installed: ${node.install}` : node.about,
    ]),
  );
  return { ok: true, result, text, next: 'sluice node fromTone' };
}

/** A plugin that cannot be used as it is makes the list a failed check. */
async function plugins(folder: string): Promise<Outcome> {
  const result = await listPlugins(folder);
  const rows = result.map(({ name, version, nodes, models }) => {
    const has = [...nodes.map((one) => one.export), ...models.map((one) => one.export)];
    return [`${name} ${version ?? ''}`.trimEnd(), has.join(', ')] as const;
  });
  const faulty = result.filter(({ fault }) => fault !== undefined);
  const [first] = result;
  return {
    ok: faulty.length === 0,
    result,
    text: rows.length === 0 ? '' : columns(rows),
    problems: faulty.map(({ name, fault }) => ({ code: 'SLUICE_PLUGIN_CONTRACT', message: `${name}: ${fault}` })),
    ...(first === undefined ? {} : { next: `sluice conform ${first.name}` }),
  };
}
