import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from './command.ts';
import { templateNames } from './templates.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'create-command-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  return runIn({}, ...args);
}

async function runIn(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const said = { out: '', err: '' };
  const status = await command(args, {
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.err += text) },
    env,
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
      expect(out).toMatch(/^usage: create-sluice <folder>.* {2}plugin +a package with nodes/s);
    }
  });

  it('tells which templates there are', async () => {
    const { status, out } = await run('--list-templates');
    expect(status).toBe(0);
    expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual([...templateNames, '']);
  });

  it('tells what it would write, writes nothing, and installs nothing', async () => {
    const there = join(folder, 'planned');
    const { status, out } = await run(there, '--template', 'talkback', '--dry-run', '--install');
    expect(status).toBe(0);
    expect(out).toMatch(/^planned: would write \d+ files in .*planned\n\n {2}/);
    expect(out).toContain('  src/main.ts\n');
    expect(await readdir(folder)).toEqual([]);
    await writeFile(join(folder, 'mine'), '');
    expect(await run(folder, '--template', 'talkback', '--name', 'x', '--dry-run')).toMatchObject({
      status: 1,
      out: '',
    });
  });

  it('goes on with the package manager that it is told, or started through', async () => {
    const asked = await run(join(folder, 'a'), '--template', 'plugin', '--pm', 'bun');
    expect(asked.out).toMatch(/ {2}bun install\n {2}bun run test\n {2}bun run example\n/);
    const agent = { npm_config_user_agent: 'pnpm/10.1.0 npm/? node/v20.19.0 linux x64' };
    const through = await runIn(agent, join(folder, 'b'), '--template', 'talkback');
    expect(through.out).toMatch(/ {2}pnpm install\n {2}pnpm run dev\n/);
  });

  it('installs if it is asked to, and says what failed', async () => {
    const path = process.env.PATH;
    try {
      for (const [body, status] of [
        ['exit 0', 0],
        ['exit 3', 1],
      ] as const) {
        const bin = join(folder, `bin-${status}`);
        await mkdir(bin);
        await writeFile(join(bin, 'yarn'), `#!/bin/sh\necho "$@" > installed\n${body}\n`, { mode: 0o755 });
        process.env.PATH = `${bin}:${path}`;
        const there = join(folder, `project-${status}`);
        const told = await run(there, '--template', 'repro', '--pm', 'yarn', '--install');
        expect(told.status).toBe(status);
        expect(await readFile(join(there, 'installed'), 'utf8')).toBe('install\n');
        if (status === 0) expect(told.out).not.toContain('yarn install');
        else expect(told.err).toMatch(/^yarn install failed in .*: exit status 3; the project is written/);
      }
      process.env.PATH = folder;
      const missing = await run(join(folder, 'none'), '--template', 'repro', '--pm', 'pnpm', '--install');
      expect(missing).toMatchObject({ status: 1, err: expect.stringMatching(/^pnpm install failed.*ENOENT/) });
    } finally {
      process.env.PATH = path;
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
    [['a', '--template', 'plugin', '--pm', 'pip'], /^there is no package manager pip; expected one of: npm, pnpm/],
    [['a', '--force'], /--force/],
  ])('ends with 2 and the usage for %j', async (args, message) => {
    const { status, out, err } = await run(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toContain('usage: create-sluice');
  });
});
