// npm run try-plugin: all steps of the test, in a folder that stays.
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TryPlugin } from './try-plugin.ts';

const plugin = new TryPlugin(await mkdtemp(join(tmpdir(), 'sluice-plugin-')));
const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
  process.stdout.write(`${what} ... `);
  const start = performance.now();
  const result = await work();
  process.stdout.write(`${((performance.now() - start) / 1_000).toFixed(1)} s\n`);
  return result;
};
const test = async () => {
  const { passed, failed } = await plugin.test();
  process.stdout.write(`${passed} tests passed, ${failed} failed; `);
};

await step('pack what it stands on', () => plugin.pack());
await step('npm exec create-sluice', () => plugin.create());
await step('npm install', () => plugin.install());
await step('npm test', test);
await step('lint', () => plugin.lint());
const told = await step('npm run example', () => plugin.example());
await step('add an operator as AGENTS.md says', () => plugin.followAgents());
await step('npm test', test);
await step('npm pack, and install it elsewhere', () => plugin.publish());
for (const consumer of plugin.consumers) await step(`use it from ${consumer.name}`, () => plugin.use(consumer));

process.stdout.write(`\n${told.trim()}\n\nThe plugin: ${plugin.project}\nWho uses it: ${plugin.consumer}\n`);
