import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderUnicodeCompact } from 'uqr';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../src/run-command-line.ts';
import { openInBrowser } from '../src/serving/open-in-browser.ts';
import { typedJson } from './typed.ts';

const binary = join(import.meta.dirname, '../bin/sluice.js');
const folder = mkdtempSync(join(tmpdir(), 'sluice-room-'));
afterAll(() => rmSync(folder, { recursive: true }));
const running = new Set<ChildProcess>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

/** A room server, as soon as it tells where it is. */
async function room(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [binary, 'room', ...args], { env: { ...process.env, TMPDIR: folder, ...env } });
  running.add(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => (out += data));
  child.stderr.on('data', (data) => (err += data));
  while (!out.includes('\n')) await once(child.stdout, 'data');
  const ended = once(child, 'close').then(([code]) => code as number);
  return { child, ended, out: () => out, err: () => err };
}

/** What a server with a certificate of its own answers. */
async function ask(url: string, ca: string): Promise<number | undefined> {
  const call = request(url, { ca, headers: { accept: 'text/html' } }).end();
  const [answer] = await once(call, 'response');
  answer.resume();
  return answer.statusCode;
}

describe('sluice room', () => {
  it('--https serves the page with a certificate of its own, whose key is on no disk while it runs', async () => {
    const { child, ended, out } = await room(['--https', '--host', '0.0.0.0', '--port', '0', '--json']);
    const { ok, result, problems } = JSON.parse(out());
    expect({ ok, url: result.url }).toEqual({ ok, url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/hello$/) });
    expect(problems.at(-1).message).toContain(result.fingerprint);
    const ca = readFileSync(result.certificate, 'utf8');
    expect(readdirSync(dirname(result.certificate))).toEqual(['cert.pem']);
    for (const url of [result.url, ...result.others]) expect(await ask(url, ca)).toBe(200);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(existsSync(dirname(result.certificate))).toBe(false);
  });

  it('draws the address for a phone on a terminal, with nothing secret in it, and says what phones will not do', async () => {
    const abort = new AbortController();
    const args = ['room', '--insecure', '--host', '0.0.0.0', '--port', '0', '--private'];
    let out = '';
    let err = '';
    const write = (text: string) => {
      out += text;
      abort.abort();
    };
    const code = await runCommandLine(args, {
      stdout: { write, isTTY: true },
      stderr: { write: (text) => (err += text) },
      env: { ...process.env, SLUICE_SECRET: 's'.repeat(44), TMPDIR: folder },
      signal: abort.signal,
    });
    expect(code).toBe(0);
    const [url = '', best] = out.split('\n');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hello$/);
    if (best === '') return expect(err).toContain('no address in a network');
    expect(out).toContain(renderUnicodeCompact(best!, { border: 2 }));
    expect(err).toContain('sluice room --https --host 0.0.0.0');
    expect(err).toContain('next: sluice token --room hello');
  });

  it.runIf(process.platform === 'linux')(
    '--open hands the address to the browser; where the port is taken the next is',
    async () => {
      const held = createServer().listen(7_880, '127.0.0.1');
      await Promise.race([once(held, 'listening'), once(held, 'error')]);
      const opened = join(folder, 'opened');
      const script = `#!/bin/sh\nprintf %s "$1" > ${opened}.part && mv ${opened}.part ${opened}\n`;
      writeFileSync(join(folder, 'xdg-open'), script, { mode: 0o755 });
      const { child, ended, out, err } = await room(['--open'], { PATH: `${folder}:${process.env.PATH}` });
      await vi.waitFor(() => expect(existsSync(opened)).toBe(true), { timeout: 20_000 });
      child.kill('SIGTERM');
      expect(await ended).toBe(143);
      held.close();
      expect(out()).toMatch(/^http:\/\/127\.0\.0\.1:(?!7880)\d+\/hello\n$/);
      expect(`${readFileSync(opened)}\n`).toBe(out());
      expect(err()).toMatch(/^port 7880 is taken; this room is at \d+\n$/);
    },
  );

  it('tells in JSON why it cannot listen', async () => {
    const held = createServer().listen(0, '127.0.0.1');
    await once(held, 'listening');
    const { port } = held.address() as AddressInfo;
    const { code, problems } = await typedJson(['room', '--port', `${port}`]);
    held.close();
    expect(code).toBe(1);
    expect(problems).toEqual([
      { message: expect.stringContaining(`the room server cannot listen on 127.0.0.1:${port}`) },
    ]);
  });

  it.each([
    [['--host', '0.0.0.0'], '0.0.0.0 is reached by others: add --https, --tls-cert and --tls-key, or --insecure'],
    [['--https', '--tls-cert', 'x.pem'], '--https makes a certificate, and --tls-cert has one: one of them'],
  ])('refuses %j', async (args, message) => {
    const { code, problems } = await typedJson(['room', ...args]);
    expect({ code, message: problems[0]?.message }).toEqual({ code: 2, message: expect.stringContaining(message) });
  });

  it('says where nothing opens a browser', async () => {
    expect(await openInBrowser('http://127.0.0.1/', { PATH: folder.slice(0, -1) })).toBe(false);
  });
});
