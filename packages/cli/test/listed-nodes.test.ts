import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ListedNode } from '../src/pages/listed-nodes.ts';
import { type NodeEntry, nodeEntries } from '../src/pages/node-entries.ts';
import { typed, typedJson } from './typed.ts';

const repository = join(import.meta.dirname, '../../..');
const called = ({ name, package: from }: ListedNode | NodeEntry) => `${from} ${name}`;

let project: string | undefined;
afterEach(() => {
  if (project !== undefined) rmSync(project, { recursive: true });
  project = undefined;
});

/** A folder in which these packages are installed. */
function projectWith(...packages: readonly string[]): string {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-listed-')));
  for (const name of packages) {
    const at = join(project, 'node_modules', name);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(join(repository, 'node_modules', name), at);
  }
  return project;
}

/** Those that a program in a folder cannot import, by importing them there. */
function missingIn(folder: string, nodes: readonly ListedNode[]): readonly string[] {
  const program = `const missing = [];
    for (const { name, package: from } of ${JSON.stringify(nodes)})
      if (typeof (await import(from).catch(() => ({})))[name] !== 'function') missing.push(from + ' ' + name);
    console.log(JSON.stringify(missing));
    process.exit();`;
  const args = ['--input-type=module', '-e', program];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }));
}

describe('sluice list', () => {
  it('lists each node once, and each can be imported from the package that is named', async () => {
    const { result } = await typedJson(['list', '--in', repository]);
    expect(missingIn(repository, result)).toEqual([]);
    expect(new Set(result.map(called)).size).toBe(result.length);
    expect(result.length).toBeGreaterThan(90);
    expect(result.map(called)).toEqual(
      expect.arrayContaining([
        '@sluice/transport fromCall',
        '@sluice/core inWorker',
        '@sluice/plugin-minimal bitcrush',
      ]),
    );
  });

  it('says in a project what is not installed, and the command that installs it', async () => {
    const folder = projectWith('@sluice/core', '@sluice/nodes');
    const result: readonly ListedNode[] = (await typedJson(['list', '--in', folder])).result;
    const here = result.filter(({ install }) => install === undefined);
    expect(new Set(here.map((one) => one.package))).toEqual(new Set(['@sluice/core', '@sluice/nodes']));
    expect(missingIn(folder, result)).toEqual(result.slice(here.length).map(called));
    expect(result.find(({ name }) => name === 'fromCall')).toMatchObject({ install: 'npm install @sluice/transport' });
    const { out } = await typed(['list', '--in', folder]);
    expect(out).toMatch(/^ {2}@sluice\/transport fromCall +not installed: npm install @sluice\/transport$/m);
    const shown = await typed(['node', 'fromCall', '--in', folder], {}, true);
    expect(shown.out).toMatch(
      /^fromCall\(.*\) {3}@sluice\/transport \(not installed: npm install @sluice\/transport\)$/m,
    );
    expect(shown.err).toBe('next: npm install @sluice/transport\n');
  });
});

describe('sluice node', () => {
  it('has each option that docs/nodes.md names, with what it means', async () => {
    const entries = await nodeEntries();
    const silent = entries.flatMap((entry) =>
      entry.options.filter(({ about }) => about === '').map(({ name }) => `${called(entry)}.${name}`),
    );
    expect(silent).toEqual([]);
    const absent = entries.flatMap((entry) => {
      const named = /\{([^}]*)\}/.exec(entry.call)?.[1]?.match(/\w+/g) ?? [];
      const has = entry.options.map(({ name }) => name);
      return named.filter((name) => !has.includes(name)).map((name) => `${called(entry)}.${name}`);
    });
    expect(absent).toEqual([]);
  });

  it.each([
    ['voiceAgent', '@sluice/nodes', /^ {2}hears +\S.*What the agent hears/m],
    ['mixer', '@sluice/nodes', /^ {2}frameMs +number: .*in milliseconds\. Default 20\.$/m],
    ['toWavFile', '@sluice/nodes', /^ {2}sampleRate +number: Hz\./m],
    ['loudness', '@sluice/plugin-sound', /^ {2}intervalMs +number: .*in milliseconds.*Default 100\.$/m],
    ['fvad', '@sluice/plugin-vad-fvad', /^ {2}minSpeechMs +number: /m],
  ])('shows the options of %s of %s', async (name, from, option) => {
    const { out } = await typed(['node', name, '--in', repository]);
    expect(out.split('\n')[0]).toContain(`   ${from}`);
    expect(out).toMatch(option);
  });
});
