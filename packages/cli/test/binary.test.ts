import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const binary = join(import.meta.dirname, '../bin/sluice.js');
const sluice = (...args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('the binary', () => {
  it('gives results on standard output and says how it ended', () => {
    expect(sluice('explain', 'SLUICE_LINK_FORMAT')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^SLUICE_LINK_FORMAT \(Core\)/),
      stderr: '',
    });
    expect(sluice('search', 'qqxyzzy')).toMatchObject({ status: 1, stdout: '' });
    expect(sluice('explain', '--nothing')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/nothing/),
    });
  });

  it('runs a program that is TypeScript, and ends with 4 where a graph fails', () => {
    const program = (name: string) => join(import.meta.dirname, 'programs', name);
    const run = sluice('run', program('live-tone.ts'), '--for', '100ms', '--json');
    expect(run).toMatchObject({ status: 0, stderr: 'live-tone runs; Ctrl-C ends it\n' });
    expect(JSON.parse(run.stdout)).toMatchObject({ ok: true, command: 'run', result: { graph: 'live-tone' } });
    expect(sluice('run', program('failing.mjs')).status).toBe(4);
    expect(sluice('conform', 'sluice-plugin-not-here').status).toBe(3);
  });

  it('records a program that replays, and that is shown though it knows nothing of that', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-binary-'));
    const file = join(folder, 'tone.sluice');
    const program = join(import.meta.dirname, 'programs/live-tone.ts');
    const env = { ...process.env, SLUICE_INSPECT: '1', TMPDIR: folder };
    const given = ['run', program, '--for', '200ms', '--record', file, '--sound', '--json'];
    const recorded = spawnSync(process.execPath, [binary, ...given], { encoding: 'utf8', env });
    expect(recorded.stderr).toMatch(
      /^inspector http:\/\/127\.0\.0\.1:\d+\/#t=[\w-]{22}\nlive-tone runs; Ctrl-C ends it\n$/,
    );
    expect(JSON.parse(recorded.stdout)).toMatchObject({ ok: true, next: `sluice replay ${file}` });
    expect(sluice('replay', file)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^the same\n/) });
    rmSync(folder, { recursive: true });
  });

  it('ends a graph in order at Ctrl-C, with 130', async () => {
    const child = spawn(process.execPath, [binary, 'run', join(import.meta.dirname, 'programs/tone-for-ever.mjs')]);
    let told = '';
    child.stdout.on('data', (data) => (told += data));
    await once(child.stderr, 'data');
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    expect(told).toMatch(/^for-ever: /);
  });

  it('ends at once at the second Ctrl-C, whatever the graph still waits for', async () => {
    const child = spawn(process.execPath, [binary, 'run', join(import.meta.dirname, 'programs/stuck.mjs')]);
    let told = '';
    child.stderr.on('data', (data) => (told += data));
    const hears = async (text: string) => {
      while (!told.includes(text)) await once(child.stderr, 'data');
    };
    await hears('runs');
    child.kill('SIGINT');
    await hears('it ends');
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([130, null]);
    // Nothing of a deadline that had passed.
    expect(told).toBe('stuck runs; Ctrl-C ends it\nit ends\n');
  });

  it('runs a room server that tells where it is, until Ctrl-C', async () => {
    const child = spawn(process.execPath, [binary, 'room', '--port', '0', '--room', 'standup', '--json']);
    const [line] = await once(child.stdout, 'data');
    const { ok, command, result } = JSON.parse(line);
    expect({ ok, command }).toEqual({ ok: true, command: 'room' });
    expect(result.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/standup$/);
    expect((await fetch(result.url)).status).toBe(200);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    await expect(fetch(result.url)).rejects.toThrow();
  });

  it('writes a long page to its end', () => {
    const { status, stdout } = sluice('docs', 'decisions', '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout).result.text.length).toBeGreaterThan(65_536);
  });
});
