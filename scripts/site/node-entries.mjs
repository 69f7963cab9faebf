// What docs/nodes.md says of each node and model, and the package that exports it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableRows } from '../../packages/cli/dist/pages/table-rows.js';

/** One for each call that a row names. A row that names no package is of `@sluice/nodes`. */
export function nodeEntries(root) {
  return tableRows(readFileSync(join(root, 'docs/nodes.md'), 'utf8')).flatMap(({ cells }) => {
    const [calls = '', about = '', latency = ''] = cells;
    const folder = /\(([\w-]+)\)\s*$/.exec(calls.replace(/`[^`]*`/g, ''))?.[1] ?? 'nodes';
    return [...calls.matchAll(/`((\w+)[^`]*)`/g)].map(([, call, name]) => ({ name, call, about, latency, folder }));
  });
}
