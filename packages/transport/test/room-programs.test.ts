import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSecret } from '@sluice/protocol';
import { createMeetingToken } from '@sluice/transport';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { bareClient, joinBare } from './bare-client.ts';
import { until } from './until.ts';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sluice-doors-'));
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs the program of the room server; it keeps all that was ever written. */
function program(args: readonly string[], env: Record<string, string> = {}) {
  const path = file('../src/room/server/room-cli.ts');
  const child = spawn(process.execPath, ['--import', file('peers/ts-loader.mjs'), path, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const run = {
    child,
    stdout: '',
    stderr: '',
    ended: new Promise<number | null>((resolve) => child.once('close', resolve)),
  };
  child.stdout.on('data', (data) => {
    run.stdout += data;
  });
  child.stderr.on('data', (data) => {
    run.stderr += data;
  });
  return run;
}

async function ended(args: readonly string[]) {
  const run = program(args);
  const status = await run.ended;
  return { status, stdout: run.stdout, stderr: run.stderr };
}

async function roomServer(args: readonly string[], env?: Record<string, string>) {
  const run = program(['--port', '0', ...args], env);
  await Promise.race([
    until(() => run.stdout.includes('\n'), 30_000),
    run.ended.then(() => Promise.reject(new Error(run.stderr))),
  ]);
  const url = run.stdout.split('\n')[0]!;
  return { run, url, base: new URL(url).origin };
}

describe('npm run room', () => {
  test('a token of its secret is taken, and one for another server is not', async () => {
    const secret = createSecret();
    const secretFile = written('secret', `${secret}\n`);
    const { run, url } = await roomServer(['--room', 'standup', '--private', '--secret-file', secretFile]);
    const claims = { secret, room: 'standup', owner: true, name: 'Ada', userId: 'u1' } as const;
    const ada = await joinBare(url, await createMeetingToken({ ...claims, audience: 'sluice' }));
    expect(ada.answer).toMatchObject({ you: { userName: 'Ada', userId: 'u1', isOwner: true } });
    expect((await joinBare(url)).answer).toMatchObject({ code: 'token-required' });
    const elsewhere = await createMeetingToken({ ...claims, audience: 'elsewhere' });
    expect((await joinBare(url, elsewhere)).answer).toMatchObject({ code: 'token-invalid' });
    ada.ws.terminate();
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
    expect([run.stdout, run.stderr]).toEqual([`${url}\n`, '']);
  });

  test('rooms of a file, and no others', async () => {
    const rooms = written('rooms.json', '{"board":{"private":true},"small":{"maxParticipants":1}}');
    const { base } = await roomServer(['--rooms', rooms, '--listed'], { SLUICE_SECRET: createSecret() });
    const answers = await Promise.all(
      ['board', 'small', 'lobby'].map(async (room) => (await joinBare(`${base}/${room}`)).answer),
    );
    expect(answers.map(({ type, code }) => code ?? type)).toEqual(['token-required', 'welcome', 'room-unknown']);
  });

  test('TLS and figures', async () => {
    const key = createSecret();
    const tls = ['--tls-cert', file('tls/localhost.cert.pem'), '--tls-key', file('tls/localhost.key.pem')];
    const { url } = await roomServer([...tls, '--host', '0.0.0.0', '--metrics', '0'], { SLUICE_METRICS_KEY: key });
    expect(url).toMatch(/^https:\/\/0\.0\.0\.0:\d+\/hello$/);
  });

  test('what is wrong is told with the usage, and no secret', async () => {
    // One that begins with a dash would be taken for an option.
    const secret = `s${createSecret()}`;
    const wrong = await Promise.all([
      ended(['--secret', 'hunter2']),
      ended(['--port', '0', '--host', '0.0.0.0', '--secret', secret]),
    ]);
    expect(wrong.map(({ status, stdout }) => [status, stdout])).toEqual([
      [2, ''],
      [1, ''],
    ]);
    expect(wrong.map(({ stderr }) => stderr.includes('usage: npm run'))).toEqual([true, false]);
    for (const { stderr } of wrong) expect(stderr).not.toMatch(new RegExp(`hunter2|${secret}`));
  }, 180_000);
});

test('no secret is in any word that a server says, whatever is done to it', async () => {
  const secrets = { signing: createSecret(), old: createSecret(), key: createSecret(), scrape: createSecret() };
  const { run, base } = await roomServer(
    ['--metrics', '0', '--private', '--rooms', written('r.json', '{"board":{}}')],
    {
      SLUICE_SECRET: `${secrets.signing} ${secrets.old}`,
      SLUICE_API_KEY: secrets.key,
      SLUICE_METRICS_KEY: secrets.scrape,
    },
  );
  const said: string[] = [];
  const used: string[] = Object.values(secrets);
  const rest = async (method: string, path: string, body?: string, authorization = `Bearer ${secrets.key}`) => {
    const headers = { authorization, 'content-type': 'application/json' };
    const answer = await fetch(`${base}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await answer.text();
    said.push(JSON.stringify([...answer.headers]), ...(answer.status === 201 && path.includes('tokens') ? [] : [text]));
    return { status: answer.status, text };
  };
  const enter = async (room: string, token: string) => {
    used.push(token);
    const client = bareClient(`${base}/${room}`);
    await client.status;
    client.ws.on('close', (code, reason) => said.push(`${code} ${reason}`));
    client.say({ type: 'join', protocol: 'sluice-room/2', identity: createSecret(), userName: '', tracks: [], token });
    const { secret: _, ...answer } = await client.next('welcome');
    said.push(JSON.stringify(answer));
    return client;
  };
  const minted = JSON.parse((await rest('POST', '/v1/meeting-tokens', '{"room":"board","owner":true}')).text).token;
  const options = { audience: 'sluice', room: 'board' };
  const client = await enter('board', minted);
  await enter('board', await createMeetingToken({ ...options, secret: secrets.old }));
  await enter('lobby', minted);
  await enter('board', `${minted}x`);
  await enter('board', 'x'.repeat(8_000));
  await enter('board', secrets.key);
  await enter('board', await createMeetingToken({ ...options, audience: 'elsewhere', secret: secrets.signing }));
  // Where nobody should put one, people do.
  const careless = [
    `/board?t=${minted}`,
    `/board?token=${minted}`,
    `/v1/rooms?token=${minted}`,
    `/v1/rooms/${minted}`,
    `/${minted}`,
  ];
  for (const path of careless) await rest('GET', path);
  const bodies = [
    `{"room":"${minted}"}`,
    `{"token":"${minted}"}`,
    `{"room":"board","secret":"${secrets.signing}"}`,
    `{"room":"board","name":"x","${minted}":1}`,
    minted,
  ];
  for (const body of bodies) await rest('POST', '/v1/meeting-tokens', body);
  for (const body of bodies) await rest('POST', '/v1/rooms', body);
  for (const word of used) await rest('GET', '/v1/rooms', undefined, `Bearer ${word}`);
  await rest('GET', '/v1/rooms', undefined, `Basic ${secrets.key}`);
  client.say({ type: 'resume', protocol: 'sluice-room/2', id: minted, secret: minted, received: 0 });
  await client.closed;
  expect((await rest('DELETE', '/v1/rooms/board')).status).toBe(200);
  run.child.kill('SIGTERM');
  expect(await run.ended).toBe(0);
  const all = [run.stdout, run.stderr, ...said].join('\n');
  expect(all.length).toBeGreaterThan(2_000);
  for (const word of used) {
    expect(all).not.toContain(word);
    // Nor the beginning of one that is cut.
    if (word.includes('.')) expect(all).not.toContain(word.split('.')[1]!.slice(0, 20));
  }
});
