import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { PLUGIN_CONTRACT } from '@sluice/core';
import * as plugin from './index.ts';

interface Manifest {
  readonly name: string;
  readonly keywords: readonly string[];
  readonly sluice: { readonly contract: number; readonly nodes: readonly { name: string; export: string }[] };
}

const manifest: Manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
const { nodes, contract } = manifest.sluice;
const exported = plugin as Readonly<Record<string, unknown>>;

test('package.json says that this is a plugin, and for which contract', () => {
  assert.ok(manifest.keywords.includes('sluice-plugin'));
  assert.equal(contract, PLUGIN_CONTRACT);
});

test('each node of package.json is exported under the name that stands there', () => {
  for (const { name, export: key } of nodes) assert.equal((exported[key] as { name?: string } | undefined)?.name, name);
});

test('each exported node stands in package.json', () => {
  const factories = Object.entries(exported).filter(([, value]) => typeof value === 'function' && 'contract' in value);
  assert.deepEqual(factories.map(([key]) => key).sort(), nodes.map(({ export: key }) => key).sort());
});

test('each node is tried by conformance, and says which package it is of', () => {
  assert.deepEqual(Object.keys(plugin.conformance).sort(), nodes.map(({ name }) => name).sort());
  for (const { make } of Object.values(plugin.conformance)) assert.equal(make().package, manifest.name);
});
