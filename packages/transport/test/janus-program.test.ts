import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { realClock } from '@sluice/core';
import { afterEach, expect, test } from 'vitest';
import { JanusClient } from '../src/room/janus/wire/janus-client.ts';
import { startJanus } from '../src/testing/janus/start-janus.ts';
import { until } from './until.ts';

const path = fileURLToPath(new URL('../../../scripts/run-janus.mjs', import.meta.url));
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Runs `npm run janus` without npm; `out` and `err` are all that it ever wrote. */
function program(...args: readonly string[]) {
  const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  closing.push(() => child.kill('SIGTERM'));
  const closed = once(child, 'close');
  const run = { out: '', err: '', child, status: async () => (await closed)[0] as number | null };
  child.stdout.on('data', (text) => {
    run.out += text;
  });
  child.stderr.on('data', (text) => {
    run.err += text;
  });
  return run;
}

async function takenPort(): Promise<number> {
  const other = createServer().listen(0, '127.0.0.1');
  closing.push(() => other.close());
  await once(other, 'listening');
  return (other.address() as { readonly port: number }).port;
}

test('npm run janus writes a folder, starts a server that answers, and leaves neither at its end', async () => {
  const run = program('--port', '0');
  await until(() => run.err.includes('Ctrl-C'), 30_000);
  const [, pid, folder] = /Janus (\d+) runs on loopback, its configuration is (\S+);/.exec(run.err)!;
  expect((await readdir(folder!)).filter((name) => name.endsWith('.jcfg')).toSorted()).toEqual([
    'janus.jcfg',
    'janus.plugin.videoroom.jcfg',
    'janus.transport.websockets.jcfg',
  ]);
  const client = await JanusClient.open({ url: new URL(run.out.trim()), clock: realClock });
  const handle = await client.attach();
  expect((await handle.ask({ request: 'exists', room: 'hello' }, 'to look')).data).toMatchObject({ exists: false });
  client.close();
  run.child.kill('SIGTERM');
  expect(await run.status()).toBe(0);
  expect(existsSync(folder!)).toBe(false);
  expect(() => process.kill(Number(pid), 0)).toThrow(/ESRCH/);
});

test('npm run janus says what is missing, without a trace of its own', async () => {
  const runs = [
    program('--program', '/nowhere/janus'),
    program('--port', String(await takenPort())),
    program('--port', 'many'),
    program('--room', 'hello'),
  ];
  expect(await Promise.all(runs.map((run) => run.status()))).toEqual([1, 1, 1, 1]);
  const said = runs.map(({ err }) => err);
  expect(said[0]).toMatch(/Janus is not installed.*apt-get install janus/s);
  expect(said[1]).toMatch(/cannot listen on port \d+.*EADDRINUSE.*another port/s);
  expect(said[2]).toMatch(/port is out of range.*0 to 65535/s);
  expect(said[3]).toMatch(/Unknown option '--room'/);
  for (const { out, err } of runs) expect([out, /\n\s+at /.test(err)]).toEqual(['', false]);
});

test('a server that did not start leaves no folder, and one of a port that is taken is none', async () => {
  const port = await takenPort();
  await expect(startJanus({ port })).rejects.toMatchObject({ code: 'SLUICE_JOIN_UNREACHABLE' });
  await expect(startJanus({ port: Number.NaN })).rejects.toMatchObject({ code: 'SLUICE_OUT_OF_RANGE' });
});
