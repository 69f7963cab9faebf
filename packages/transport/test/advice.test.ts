import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

/** The code and message of the failed join. */
async function join(url: string): Promise<string> {
  await using client = new CallClient();
  return client.join(url).then(
    () => 'joined',
    (error) => `${error.code} ${error.message}`,
  );
}

describe('who cannot join is told what to do', () => {
  test('no server, no such host, and what is no meeting URL', async () => {
    expect(await join('http://127.0.0.1:9/room')).toMatch(/^SLUICE_JOIN_UNREACHABLE .* start a room server/);
    expect(await join('http://no-such-host.invalid/room')).toMatch(/ Check the name no-such-host\.invalid/);
    expect(await join('hello')).toMatch(/^SLUICE_ROOM_URL .* as in http:\/\/127\.0\.0\.1:7880\/hello$/);
    expect(await join(server.url)).toMatch(/^SLUICE_ROOM_URL .* Add a name/);
  });

  test('an address of daily.co, before anything is sent there', async () => {
    for (const host of ['team.daily.co', 'daily.co'])
      expect(await join(`https://${host}/hello`)).toMatch(/^SLUICE_ROOM_URL .*Daily's service.* Start one/);
    expect(await join('https://notdaily.co.invalid/hello')).toMatch(/^SLUICE_JOIN_UNREACHABLE/);
  });

  test('TLS to a plain port, and the other way round', async () => {
    const plain = server.roomUrl('x');
    expect(await join(plain.replace('http:', 'https:'))).toContain(`The server speaks no TLS: join ${plain}`);
    // What a TLS server answers to plain HTTP: an alert.
    const tls = createServer((socket) => socket.on('error', () => {}).end(Buffer.from([0x15, 3, 1, 0, 2, 2, 0x46])));
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const { port } = tls.address() as { port: number };
    expect(await join(`http://127.0.0.1:${port}/x`)).toContain(`if it speaks TLS, join https://127.0.0.1:${port}/x`);
    tls.close();
  });
});

test('a port in use, and an address of another machine', async () => {
  await expect(startRoomServer({ port: server.port })).rejects.toThrow(
    /choose another one, or 0 for any that is free$/,
  );
  await expect(startRoomServer({ host: '192.0.2.1', insecure: true })).rejects.toThrow(/an address of this machine/);
});

describe('commands', () => {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const run = (...args: string[]) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, args, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  const room = (...args: string[]) =>
    run('--import', path('peers/ts-loader.mjs'), path('../src/room/server/room-cli.ts'), ...args);
  const example = (...args: string[]) => run(path('../../../scripts/run-example.mjs'), ...args);

  test('npm run room: help, an unknown option, a wrong value, a port in use', async () => {
    const told = await Promise.all([room('--help'), room('-h')]);
    for (const one of told)
      expect(one).toMatchObject({ status: 0, stdout: expect.stringContaining('--port <number>'), stderr: '' });
    const wrong = await Promise.all([
      room('--prot', '7'),
      room('--port', 'x'),
      room('--port', '0', '--room', 'no room'),
    ]);
    for (const one of wrong)
      expect(one).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('usage: ') });
    const { status, stderr } = await room('--port', String(server.port));
    expect([status, stderr.trim().split('\n').length]).toEqual([1, 1]);
    expect(stderr).toContain('Another program has this port');
  });

  test('examples: help, no name, an unknown name, one that is short for several', async () => {
    for (const args of [['--help'], ['--', '-h']])
      expect(await example(...args)).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('08-audio-bot'),
        stderr: '',
      });
    for (const [args, told] of [
      [[], /^usage: /],
      [['nobody'], /^there is no example nobody\n\nusage: [\s\S]*08-audio-bot/],
      [['bot'], /^bot may be 08-audio-bot or 09-echo-bot/],
    ] as const) {
      const { status, stdout, stderr } = await example(...args);
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(told);
    }
  });
});
