import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conformanceChecks } from '@sluice/core/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consumersOf } from './consumers.ts';
import { TryPlugin } from './try-plugin.ts';

let folder: string;
let plugin: TryPlugin;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-plugin-'));
  plugin = new TryPlugin(folder);
});
afterAll(() => rm(folder, { recursive: true }));

// Each step stands on those before it.
describe('a plugin that somebody begins with create-sluice, from tarballs and without a network', () => {
  it('has packages to stand on', { timeout: 180_000 }, async () => {
    expect(await plugin.pack()).toEqual(
      expect.arrayContaining(['@sluice/core', '@sluice/plugin-minimal', 'create-sluice']),
    );
  });

  it('is written into an empty folder', () => plugin.create());

  it('is installed', () => plugin.install());

  it('builds, and passes its own tests and the checks of all its nodes', async () => {
    const { passed, failed } = await plugin.test();
    expect(failed).toBe(0);
    // Those of three nodes, less what does not apply.
    expect(passed).toBeGreaterThan(3 * (conformanceChecks({ kind: 'node' }).length - 3));
  });

  it('keeps the rules of this repository', () => plugin.lint());

  it('runs its example, which is interrupted', async () => {
    const told = await plugin.example();
    const [, heardMs, droppedMs] = /^interrupted: (\d+) ms were told, (\d+) ms dropped/m.exec(told) ?? [];
    expect(Number(heardMs), told).toBeGreaterThan(0);
    expect(Number(droppedMs), told).toBeLessThan(60);
  });

  it('gets an operator by its AGENTS.md', async () => {
    const name = await plugin.followAgents();
    const { failed } = await plugin.test();
    expect({ name, failed }).toEqual({ name: 'amplify', failed: 0 });
  });

  it('names checks in AGENTS.md that there are', async () => {
    const page = await readFile(join(plugin.project, 'AGENTS.md'), 'utf8');
    const [, table] = /## When a check fails\n(.*?)\n\n[^|]/s.exec(page)!;
    const named = [...table!.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(.*?)`/g)]);
    const known = conformanceChecks({ kind: 'node' }).map(({ name }) => name);
    expect(named.length).toBeGreaterThan(5);
    expect(named.map(([, name]) => name).filter((name) => !known.includes(name!))).toEqual([]);
  });

  it('is found by its manifest where it is installed', async () => {
    const found = await plugin.publish();
    expect(found.map(({ name, contract, fault }) => ({ name, contract, fault }))).toEqual([
      { name: '@sluice/plugin-minimal', contract: 1, fault: undefined },
      { name: 'my-node', contract: 1, fault: undefined },
    ]);
    expect(found[1]!.nodes).toContainEqual({ name: 'amplify', export: 'amplify' });
  });

  it('is used as its README says', async () => {
    const page = await readFile(join(plugin.project, 'README.md'), 'utf8');
    const [, text] = /```ts\n(.*?)```/s.exec(page)!;
    const told = await plugin.use({ name: 'README', file: 'readme.mts', options: { module: 'nodenext' }, text: text! });
    expect(told).toMatch(/^0 -.*\n\d+ ms were told, \d+ ms dropped\n.*\n$/s);
  });

  it.each(consumersOf('my-node'))('is used by a program compiled for $name', async (consumer) => {
    expect(await plugin.use(consumer)).toBe('2 levels\n');
  });
});
