import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Outcome } from '../terms/command.ts';
import type { ListedNode } from './listed-nodes.ts';

/** What a factory of `defineNode` tells of itself. */
interface Factory {
  readonly contract?: unknown;
  readonly optionsSchema?: unknown;
}

/** Imports the plugin of a node, for that alone has its options. */
export async function describePluginNode(node: ListedNode, folder: string): Promise<Outcome> {
  const resolve = createRequire(join(folder, 'package.json')).resolve;
  const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(resolve(node.package)).href);
  const factory = module[node.name] as Factory | undefined;
  if (typeof factory !== 'function') {
    const message = `${node.package} says that it has ${node.name}, and does not export it`;
    return { ok: false, result: node, text: '', problems: [{ message }] };
  }
  const { contract, optionsSchema } = factory as Factory;
  const schema = optionsSchema === undefined ? '' : `\nIts options:\n${JSON.stringify(optionsSchema, undefined, 2)}\n`;
  return {
    ok: true,
    result: { ...node, contract, optionsSchema: optionsSchema ?? null },
    text: `${node.name}   ${node.package}, contract ${contract}\n\n${node.about}\n${schema}`,
    next: `sluice conform ${node.package}`,
  };
}
