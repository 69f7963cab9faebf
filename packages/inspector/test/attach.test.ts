import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { graph } from '@sluice/core';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { writeSnapshot } from '../src/attach/write-snapshot.ts';
import { inspector, listRunFiles, lookAt, type RunFile } from '../src/index.ts';
import { Looker } from './looker.ts';

let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-attach-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** Runs the program with what is asked for; gives what it says on standard error. */
function run(asked: string, seconds: number): { readonly exited: Promise<unknown[]>; said(): string } {
  const program = join(import.meta.dirname, 'programs/tone-bot.mjs');
  child = spawn(process.execPath, [program, String(seconds)], { env: { ...process.env, SLUICE_INSPECT: asked } });
  let said = '';
  child.stderr!.on('data', (text: Buffer) => {
    said += String(text);
  });
  return { exited: once(child, 'exit'), said: () => said };
}

async function until<T>(find: () => T | undefined | null | false): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined && found !== null && found !== false) return found;
    await sleep(20);
  }
}

const fileOf = (holds: (file: RunFile) => boolean) => until(() => listRunFiles().find(holds));

it('shows a program that knows nothing of it, and lets it end', async () => {
  const { exited, said } = run('media', 4);
  const [, address, token] = await until(() => /^inspector (http:\S+)\/#t=(\S+)$/m.exec(said()));
  const file = await fileOf(({ graphs }) => graphs.includes('tone-bot'));
  expect(file).toMatchObject({ pid: child!.pid, token, port: Number(new URL(address!).port) });
  const looker = await Looker.open({ port: file.port!, token: token! });
  expect(await looker.next('hello')).toMatchObject({ media: true, control: false, pid: child!.pid });
  await looker.next('sample', ({ graphs: [one] }) => one!.links.frames[0]! > 5);
  expect(await exited).toEqual([0, null]);
  expect(listRunFiles()).toEqual([]);
});

it('opens at a signal, does not listen before, and leaves a snapshot at each', async () => {
  const path = join(folder, 'seen.json');
  writeFileSync(path, 'mine');
  const { said } = run(`snapshot=${path}`, 60);
  const armed = await fileOf(({ graphs }) => graphs.includes('tone-bot'));
  expect(armed.signal).toBe('SIGUSR2');
  expect(armed.port).toBeUndefined();
  expect(said()).toBe('');
  child!.kill('SIGUSR2');
  const { port, token } = await fileOf((file) => file.port !== undefined && file.graphs.length === 1);
  const looker = await Looker.open({ port: port!, token: token! });
  expect((await looker.next('topology')).graphs.map(({ name }) => name)).toEqual(['tone-bot']);
  expect(await looker.next('hello')).toMatchObject({ media: false });
  looker.close();
  await until(() => said().includes(`snapshot ${join(folder, 'seen-2.json')}\n`));
  expect(readFileSync(path, 'utf8')).toBe('mine');
  expect(JSON.parse(readFileSync(join(folder, 'seen-2.json'), 'utf8'))).toMatchObject({
    pid: child!.pid,
    graphs: [{ name: 'tone-bot', status: 'running', nodes: [{ id: 'fromTone' }, { id: 'toNull' }], problems: [] }],
  });
});

it('is armed by code, opened once, and closed with what it opened', async () => {
  const [opened, written] = [vi.fn(), vi.fn()];
  const bot = graph('armed');
  const arming = inspector.arm(bot, { opened, written, snapshot: folder });
  const own = () => listRunFiles().find(({ pid }) => pid === process.pid);
  expect(own()).toMatchObject({ signal: 'SIGUSR2', graphs: ['armed'] });
  process.kill(process.pid, 'SIGUSR2');
  process.kill(process.pid, 'SIGUSR2');
  await until(() => own()?.port);
  arming.add(graph('second'));
  await until(() => own()?.graphs.length === 2);
  expect(opened).toHaveBeenCalledTimes(1);
  await until(() => written.mock.calls.length === 2);
  expect(readdirSync(folder).filter((name) => /^sluice-\d+-[\d-]+\.json$/.test(name))).toHaveLength(2);
  await arming.close();
  expect(own()).toBeUndefined();
});

it('warns of a snapshot that cannot be written, and refuses what is no path', async () => {
  await expect(writeSnapshot([], join(folder, 'not', 'there.json'))).rejects.toMatchObject({
    code: 'SLUICE_INSPECTOR_SNAPSHOT',
  });
  expect(() => inspector.arm(graph('armed'), { snapshot: '' })).toThrow(TypeError);
});

it('says which words SLUICE_INSPECT has, and runs the program all the same', async () => {
  const { exited, said } = run('everything', 0.1);
  expect(await exited).toEqual([0, null]);
  expect(said()).toContain('SLUICE_INSPECT is not valid');
});

it('tells its numbers to another program, until that leaves or the token is another', async () => {
  const bot = graph('told');
  const { port, token, close } = await inspector(bot, { runFile: false });
  const told: string[] = [];
  for await (const message of lookAt({ pid: process.pid, port, token })) {
    told.push(message.type);
    if (message.type === 'sample') break;
  }
  expect(told.slice(0, 2)).toEqual(['hello', 'topology']);
  expect(told.at(-1)).toBe('sample');
  const first = (file: Pick<RunFile, 'pid' | 'port' | 'token'>) => lookAt(file).next();
  await expect(first({ pid: 1, port, token: 'x'.repeat(token.length) })).rejects.toMatchObject({
    code: 'SLUICE_INSPECTOR_DENIED',
  });
  await expect(first({ pid: 1 })).rejects.toMatchObject({ code: 'SLUICE_INSPECTOR_DENIED' });
  const left = new AbortController();
  left.abort();
  expect(await lookAt({ pid: 1, port, token }, { signal: left.signal }).next()).toMatchObject({ done: true });
  await close();
});
