import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const binary = join(import.meta.dirname, '../bin/sluice.js');
const program = (name: string) => join(import.meta.dirname, 'programs', name);
let child: ChildProcess;
let told: string;
let said: string;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-ending-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

function run(...args: readonly string[]): Promise<unknown[]> {
  child = spawn(process.execPath, [binary, 'run', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  [told, said] = ['', ''];
  child.stdout!.on('data', (text) => (told += text));
  child.stderr!.on('data', (text) => (said += text));
  return once(child, 'exit');
}
const seen = (text: () => string, part: string) => expect.poll(text, { timeout: 20_000 }).toContain(part);

describe('a program that runs', () => {
  it('ends in order at SIGTERM, with 143', async () => {
    const exited = run(program('tone-for-ever.mjs'));
    await seen(() => said, 'runs');
    child.kill('SIGTERM');
    expect(await exited).toEqual([143, null]);
    expect(told).toMatch(/^for-ever: /);
  });

  it('starts again with --watch when a file of it changes, and ends with it', async () => {
    await symlink(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    const file = join(folder, 'program.mjs');
    const write = (name: string) =>
      writeFile(
        file,
        `import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';
const bot = graph('${name}');
bot.from(fromTone({ live: true })).to(toNull());
export default bot;
`,
      );
    await write('before');
    const exited = run(file, '--watch');
    await seen(() => said, 'before runs');
    // Written until it is seen: Node begins to watch a file some time after it has read it.
    await expect
      .poll(() => write('after').then(() => said), { timeout: 30_000, interval: 1_000 })
      .toContain('after runs');
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
  });
});
