import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trace } from '@sluice/inspector';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { typed, typedJson } from '../../test/typed.ts';

const program = join(import.meta.dirname, '../../test/programs/armed.mjs');
let folder: string;
let child: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-cli-inspect-'));
  vi.stubEnv('TMPDIR', folder);
});
afterEach(() => {
  child?.kill('SIGKILL');
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('sluice inspect', () => {
  it('says that nobody is there, and what to do', async () => {
    expect(await typedJson(['inspect'])).toMatchObject({
      code: 0,
      result: [],
      next: 'sluice inspect -- node <program>',
    });
    expect(await typedJson(['inspect', '4711'])).toMatchObject({
      code: 1,
      problems: [{ message: 'no process 4711 of yours can be looked at' }],
    });
  });

  it('lists a process that waits for its signal, and opens its page', async () => {
    child = spawn(process.execPath, [program], { stdio: 'ignore' });
    const { pid } = child;
    await expect
      .poll(async () => (await typedJson(['inspect'])).result, { timeout: 20_000 })
      .toMatchObject([{ pid, graphs: ['tone'], url: null }]);
    expect((await typed(['inspect'])).out).toBe(`${pid}  tone  sluice inspect ${pid}\n`);
    const { code, result } = await typedJson(['inspect', `${pid}`]);
    expect(code).toBe(0);
    const { url } = result as { url: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#t=\w+/);
    expect((await fetch(url)).status).toBe(200);
    const file = join(folder, 'trace.json');
    const traced = await typedJson(['inspect', `${pid}`, '--trace', file, '--for', '400ms']);
    expect(traced).toMatchObject({ code: 0, result: { pid, file } });
    const { traceEvents } = JSON.parse(readFileSync(file, 'utf8')) as Trace;
    expect(traceEvents).toHaveLength((traced.result as { events: number }).events);
    expect(traceEvents.filter(({ name, ph }) => ph === 'X' && name === 'works').length).toBeGreaterThanOrEqual(2);
    expect(await typed(['inspect', '--for', '1s'])).toMatchObject({ code: 2 });
  });

  it('runs a program with its graphs shown, and ends as it does', async () => {
    const shows = `process.exit(process.env.SLUICE_INSPECT === '1,media' ? 0 : 3)`;
    expect(await typed(['inspect', '--media', '--', process.execPath, '-e', shows])).toMatchObject({ code: 0 });
    const { code, out } = await typed(['inspect', '--json', '--', process.execPath, '-e', shows]);
    expect({ code, result: JSON.parse(out).result }).toMatchObject({ code: 1, result: { code: 3 } });
    // Where what is inherited is: the terminal of this process, and not that of the test.
    const cli = join(import.meta.dirname, '../../bin/sluice.js');
    const prints = [cli, 'inspect', '--json', '--', process.execPath, '-e', "console.log('of the program')"];
    const ran = spawnSync(process.execPath, prints, { encoding: 'utf8' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ ok: true, command: 'inspect', result: { code: 0 } });
    expect(ran.stderr).toBe('of the program\n');
    expect(await typed(['inspect', '--', join(folder, 'not-there')])).toMatchObject({ code: 2 });
    expect(await typed(['inspect', '4711', '--', 'node'])).toMatchObject({ code: 2 });
  });
});

describe('sluice top', () => {
  it('opens a process that waits, and tells what its graph does in a second', async () => {
    expect(await typedJson(['top'])).toMatchObject({
      code: 1,
      problems: [{ message: 'no process of yours can be looked at' }],
    });
    child = spawn(process.execPath, [program], { stdio: 'ignore' });
    await expect.poll(async () => (await typedJson(['inspect'])).result.length, { timeout: 20_000 }).toBe(1);
    const { code, result } = await typedJson(['top']);
    expect({ code, result }).toMatchObject({
      code: 0,
      result: {
        pid: child.pid,
        graphs: [{ name: 'tone', status: 'running', nodes: [{ id: 'fromTone' }, { id: 'toNull' }] }],
      },
    });
    expect(result.graphs[0].nodes[0].outPerSecond).toBeGreaterThan(0);
    const { out } = await typed(['top', `${child.pid}`, '--for', '100ms']);
    expect(out).toMatch(/^cpu \d+ %.*\n\ntone {2}running/);
    expect(out).toContain('fromTone > toNull');
    // Both end in order when they are told to, as at Ctrl-C.
    for (const args of [['top'], ['inspect', `${child.pid}`, '--trace', join(folder, 'cut.json'), '--for', '1h']])
      expect(await typed(args, {}, false, AbortSignal.timeout(500))).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(join(folder, 'cut.json'), 'utf8'))).toHaveProperty('traceEvents');
  });
});
