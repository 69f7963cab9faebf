import { statSync } from 'node:fs';
import { nearestName } from '@sluice/core';
import { listPlugins } from '@sluice/core/plugins';
import { wrongUsage } from '../errors.ts';
import { type ListedDriver, listedDrivers } from '../pages/listed-drivers.ts';
import { listedNodes } from '../pages/listed-nodes.ts';
import { defineCommand, type Outcome } from '../terms/command.ts';
import { columns } from '../terms/fold.ts';

const kinds = ['nodes', 'plugins', 'drivers'];

export const list = defineCommand({
  name: 'list',
  summary: 'Lists the nodes and where each is imported from, the plugins that are installed, or the room drivers',
  usage: '[nodes|plugins|drivers]',
  words: { least: 0, most: 1 },
  examples: ['sluice list', 'sluice list plugins', 'sluice list drivers --json'],
  flags: { in: { type: 'string', value: '<folder>', about: 'from where packages are looked for; default: here' } },
  run({ words: [kind = 'nodes'], values: { in: folder = process.cwd() }, width }) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw wrongUsage(`--in takes a folder that is there, not ${folder}`, 'sluice list --help');
    if (kind === 'nodes') return nodes(folder, width);
    if (kind === 'plugins') return plugins(folder, width);
    if (kind === 'drivers') return drivers(folder, width);
    const near = nearestName(kind, kinds);
    throw wrongUsage(
      `sluice list takes ${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}${near === undefined ? '' : `; did you mean ${near}?`}`,
    );
  },
});

async function nodes(folder: string, width: number): Promise<Outcome> {
  const result = await listedNodes(folder);
  const text = columns(
    result.map((node) => [
      `${node.package} ${node.name}`,
      node.install ? `not installed: ${node.install}` : node.about,
    ]),
    width,
  );
  return { ok: true, result, text, next: 'sluice node fromTone' };
}

/** A plugin that cannot be used as it is makes the list a failed check. */
async function plugins(folder: string, width: number): Promise<Outcome> {
  const result = await listPlugins(folder);
  const rows = result.map(({ name, version, nodes, models, drivers }) => {
    const has = [...nodes, ...models, ...drivers].map((one) => one.export);
    return [`${name} ${version ?? ''}`.trimEnd(), has.join(', ')] as const;
  });
  const faulty = result.filter(({ fault }) => fault !== undefined);
  const [first] = result;
  return {
    ok: faulty.length === 0,
    result,
    text: rows.length === 0 ? '' : columns(rows, width),
    problems: faulty.map(({ name, fault }) => ({ code: 'SLUICE_PLUGIN_CONTRACT', message: `${name}: ${fault}` })),
    ...(first === undefined ? {} : { next: `sluice conform ${first.name}` }),
  };
}

/** Two that claim one scheme cannot be registered beside each other. */
async function drivers(folder: string, width: number): Promise<Outcome> {
  const result = await listedDrivers(folder);
  const rows = result.map(({ name, package: from, schemes, capabilities, register, install }) => {
    const how = install === undefined ? register : `not installed: ${install}`;
    const can = capabilities.length === 0 ? 'media alone' : capabilities.join(', ');
    return [`${schemes.join(' ')}  ${from} ${name}`, how === undefined ? can : `${can}; ${how}`] as const;
  });
  const problems = claimedTwice(result).map((message) => ({ code: 'SLUICE_ROOM_DRIVER', message }));
  return { ok: problems.length === 0, result, text: columns(rows, width), problems, next: 'sluice docs calls' };
}

function claimedTwice(drivers: readonly ListedDriver[]): readonly string[] {
  const schemes = drivers.flatMap((driver) => driver.schemes.map((scheme) => ({ scheme, driver })));
  return schemes.flatMap(({ scheme, driver }, index) => {
    const first = schemes.findIndex((one) => one.scheme === scheme);
    if (first === index) return [];
    return [
      `${schemes[first]!.driver.package} and ${driver.package} both serve ${scheme}, and one of them can be registered`,
    ];
  });
}
