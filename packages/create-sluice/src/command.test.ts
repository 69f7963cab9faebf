import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from './command.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-command-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  const said = { out: '', err: '' };
  const status = await command(args, {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
  });
  return { status, ...said };
}

describe('create-sluice', () => {
  it('writes a project and says how to go on', async () => {
    const { status, out, err } = await run(join(folder, 'my-node'), '--template', 'plugin');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^my-node: \d+ files in /);
    expect(out).toMatch(/ {2}cd .*my-node\n {2}npm install\n {2}npm test\n/);
    expect(await readdir(join(folder, 'my-node'))).toContain('package.json');
  });

  it('names the package as it is told', async () => {
    const { out } = await run('--template=plugin', join(folder, 'here'), '--name', '@me/node');
    expect(out).toMatch(/^@me\/node: /);
  });

  it('explains itself', async () => {
    for (const flag of ['--help', '-h']) {
      const { status, out } = await run(flag);
      expect(status).toBe(0);
      expect(out).toMatch(/^usage: create-sluice <folder>.*plugin: a package with nodes/s);
    }
  });

  it('ends with 1 for a folder that is not empty', async () => {
    await writeFile(join(folder, 'mine'), '');
    const { status, out, err } = await run(folder, '--template', 'plugin', '--name', 'my-node');
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err).toBe(`${folder} is not empty (mine); give a new or empty folder\n`);
  });

  it.each([
    [['--template', 'plugin'], /^no folder was given/],
    [['a', 'b', '--template', 'plugin'], /^one folder was expected, and there is also b/],
    [['a'], /^no template was given; expected one of: talkback, /],
    [['a', '--template', 'bot'], /^there is no template bot/],
    [['a', '--template'], /--template/],
    [['A', '--template', 'plugin'], /capitals/],
    [['a', '--force'], /--force/],
  ])('ends with 2 and the usage for %j', async (args, message) => {
    const { status, out, err } = await run(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toContain('usage: create-sluice');
  });
});
