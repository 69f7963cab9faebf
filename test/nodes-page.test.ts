import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as nodes from '@sluice/nodes';
import { expect, it } from 'vitest';

it('every node has its line in docs/nodes.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/nodes.md'), 'utf8');
  const named = (name: string) => new RegExp(`\`${name}\\b`).test(page);
  const exported = Object.entries(nodes).filter(([, value]) => typeof value === 'function');
  expect(exported.length).toBeGreaterThan(20);
  expect(exported.map(([name]) => name).filter((name) => !named(name))).toEqual([]);
});
