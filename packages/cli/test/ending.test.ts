import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromWavFile } from '@sluice/nodes';
import { count, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

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
/** A day of a tone, which nobody waits for. */
const day = `import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';
export default (env) => {
  const bot = graph('day', { clock: env.clock });
  bot.from(fromTone({ frequency: 440, duration: 86_400 })).to(env.sink('out', () => toNull()));
  return bot;
};
`;
const seen = (text: () => string, part: string) => expect.poll(text, { timeout: 20_000 }).toContain(part);

describe('a program that is rendered', () => {
  it('leaves a file that is whole up to then at Ctrl-C, and says so', async () => {
    const [file, out] = [join(folder, 'day.mjs'), join(folder, 'day.wav')];
    await symlink(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    await writeFile(file, day);
    child = spawn(process.execPath, [binary, 'render', file, '--out', out, '--json'], { stdio: ['ignore', 'pipe', 2] });
    told = '';
    child.stdout!.on('data', (text) => (told += text));
    const exited = once(child, 'close');
    await vi.waitFor(() => expect(statSync(out).size).toBeGreaterThan(100_000), { timeout: 20_000, interval: 20 });
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
    expect(JSON.parse(told)).toMatchObject({
      ok: false,
      result: { out },
      problems: [{ code: 'SLUICE_ABORTED', message: `the rendering was ended; ${out} has what came until then` }],
    });
    const { size } = statSync(out);
    const head = await open(out);
    const { buffer } = await head.read(Buffer.alloc(8), 0, 8, 0);
    await head.close();
    expect(buffer.readUInt32LE(4)).toBe(size - 8);
    expect(await lastValueFrom(fromWavFile(out).pipe(count((frame) => frame.close() === undefined)))).toBeGreaterThan(
      10,
    );
  });
});

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
    // Written until that is noticed, and no more: Node begins to watch a file some time after it has read it.
    const change = async () => {
      if (!said.includes('ended by SIGTERM')) await write('after');
      return said;
    };
    await expect.poll(change, { timeout: 30_000, interval: 1_000 }).toContain('after runs');
    child.kill('SIGINT');
    expect(await exited).toEqual([130, null]);
  });
});
