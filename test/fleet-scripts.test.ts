import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectNats, openFleet, startWorker } from '@sluice/fleet';
import { freePort } from '@sluice/fleet/testing';
import { afterAll, afterEach, expect, it } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'sluice-scripts-'));
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A script of the repository off a terminal, its lines, and what becomes of it. */
function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const options = { cwd: root, env: { ...process.env, TMPDIR: folder, ...env } };
  const child = spawn(process.execPath, [`scripts/${script}.mjs`, ...args], options);
  running.push(child);
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    line: async () => (await lines.next()).value as string | undefined,
    ended: once(child, 'exit').then(([code, signal]) => ({ code, signal, errors })),
  };
}

/** Programs that this one has started. */
function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return list === '' ? [] : list.split(' ').map(Number);
}
const lives = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

it('npm run nats starts a server, npm run fleet shows lines, and both end on SIGTERM without anything left', async () => {
  const port = await freePort();
  const nats = run('run-nats', ['--port', `${port}`]);
  const url = await nats.line();
  expect(url).toBe(`nats://127.0.0.1:${port}`);
  const servers = childrenOf(nats.child.pid!);
  expect(servers.map(lives)).toEqual([true]);
  const connection = await connectNats({ servers: url! });
  const idle = () => ({ run: () => new Promise<void>(() => {}), stop: async () => {} });
  const limits = { lagMs: 5_000, cpu: 10, memoryMb: 16_000 };
  const worker = await startWorker({ nats: connection, name: 'shown', limits, factories: { idle } });
  const fleet = await openFleet({ nats: connection });
  await (await fleet.dispatch('idle', {}, { job: 'one' })).started();

  const table = run('run-fleet', ['--servers', url!]);
  const shown = [await table.line(), await table.line(), await table.line()];
  expect(shown[0]).toMatch(/^worker +bots +cpu +lag +memory/);
  expect(shown[1]).toMatch(new RegExp(`^${worker.id} +1/10 .* one$`));
  expect(shown[2]).toBe('0 queued, 1 running, 0 failed');
  table.child.kill('SIGTERM');
  expect(await table.ended).toEqual({ code: 0, signal: null, errors: '' });

  const taken = run('run-nats', ['--port', `${port}`]);
  const { code, errors } = await taken.ended;
  expect(code).toBe(1);
  expect(errors).toMatch(new RegExp(`port ${port} .*EADDRINUSE.* Give another port`));
  await fleet.close();
  await worker.close();
  await connection.close();
  nats.child.kill('SIGTERM');
  expect(await nats.ended).toEqual({ code: 0, signal: null, errors: '' });
  expect(servers.map(lives)).toEqual([false]);
  expect(readdirSync(folder)).toEqual([]);
});

it('both say what is wrong, in one line, and end', async () => {
  const port = `${await freePort()}`;
  const wrong = [
    ['run-nats', ['--port', 'any'], /startNats.port is not valid; expected an integer from 1 to 65535/],
    ['run-nats', ['--prot', '4222'], /--prot/],
    ['run-nats', ['--port', port, '--program', 'no-such-server'], /ENOENT.*apt-get install nats-server/],
    ['run-fleet', ['--servers', 'nats://127.0.0.1:9'], /NATS cannot be reached.*See that nats-server runs there/],
    ['run-fleet', ['--password-file', '/nowhere'], /ENOENT.*\/nowhere/],
  ] as const;
  const ends = await Promise.all(wrong.map(([script, args]) => run(script, args).ended));
  for (const [at, { code, errors }] of ends.entries()) {
    expect(code).toBe(1);
    expect(errors).toMatch(wrong[at]![2]);
    expect(errors.trim().split('\n').length).toBe(1);
  }
  expect(readdirSync(folder)).toEqual([]);
});
