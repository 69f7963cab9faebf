import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createSecret, PROTOCOL } from '@sluice/protocol';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../../../test/until.ts';
import { idOfIdentity } from '../protocol/identity.ts';
import { createRoomApp } from './room-app.ts';
import { type RoomServer, startRoomServer } from './room-server.ts';

let server: RoomServer;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  server = await startRoomServer({ joinDeadlineMs: 300, maxConnectionsPerAddress: 8 });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await server.close();
});

/** A bare client: what it was sent, and how it was closed. */
const open = (path = '/room', options: { headers?: Record<string, string>; base?: string } = {}) => {
  const base = options.base ?? server.url;
  const ws = new WebSocket(`${base.replace('http', 'ws')}${path}`, { headers: options.headers });
  sockets.push(ws);
  const messages: { type: string; code?: string }[] = [];
  const closed = new Promise<number>((resolve) => ws.on('close', resolve));
  const status = new Promise<number>((resolve) => {
    ws.on('unexpected-response', (request, response) => {
      resolve(response.statusCode ?? 0);
      request.destroy();
    });
    ws.on('open', () => resolve(101));
  });
  ws.on('message', (data) => messages.push(JSON.parse(String(data))));
  ws.on('error', () => {});
  const say = async (message: unknown) => {
    await status;
    ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  };
  return { ws, messages, closed, status, say };
};
const joinMessage = () => ({ type: 'join', protocol: PROTOCOL, identity: createSecret(), userName: '', tracks: [] });
const joined = async () => {
  const client = open();
  await client.say(joinMessage());
  await until(() => client.messages.some(({ type }) => type === 'welcome'));
  return client;
};

test('a host beyond loopback needs a word, a taken port an error', async () => {
  await expect(startRoomServer({ host: '0.0.0.0' })).rejects.toThrow(
    expect.objectContaining({ code: 'SLUICE_ROOM_INSECURE' }),
  );
  const open = await startRoomServer({ host: '0.0.0.0', insecure: true });
  await open.close();
  await expect(startRoomServer({ port: server.port })).rejects.toThrow(
    expect.objectContaining({ code: 'SLUICE_ROOM_LISTEN' }),
  );
  await expect(startRoomServer({ port: 70_000 })).rejects.toThrow(RangeError);
  expect(() => server.roomUrl('../x')).toThrow(TypeError);
});

test('plain requests', async () => {
  expect(await (await fetch(server.roomUrl('hello'))).json()).toEqual({
    service: 'sluice-room',
    protocol: PROTOCOL,
    room: 'hello',
  });
  const bad = await fetch(`${server.url}/a%2fb`);
  expect(bad.status).toBe(404);
  expect(bad.headers.get('x-content-type-options')).toBe('nosniff');
});

test('how pages begin in a room is told to whoever may enter it, before they do', async () => {
  const rooms = {
    quiet: { startVideoOff: true, startAudioOff: true },
    dark: { startVideoOff: true, startAudioOff: false },
  };
  const open = await startRoomServer({ rooms });
  const closed = await startRoomServer({ rooms, tokens: () => ({}) });
  const told = async (url: string) => (await fetch(url)).json();
  const word = (room: string) => ({ service: 'sluice-room', protocol: PROTOCOL, room });
  expect(await told(open.roomUrl('quiet'))).toEqual({ ...word('quiet'), startVideoOff: true, startAudioOff: true });
  expect(await told(open.roomUrl('dark'))).toEqual({ ...word('dark'), startVideoOff: true });
  expect(await told(open.roomUrl('other'))).toEqual(word('other'));
  // Where a token is needed nobody learns without which rooms there are.
  expect(await told(closed.roomUrl('quiet'))).toEqual(word('quiet'));
  await open.close();
  await closed.close();
});

describe('who may open a socket', () => {
  test.each([
    ['a room', '/room', {}, 101],
    ['a name with a slash in it', '/a%2Fb', {}, 404],
    ['no name', '/', {}, 404],
    ['129 letters', `/${'a'.repeat(129)}`, {}, 404],
    ['the server’s own page', '/room', { origin: 'own' }, 101],
    ['another page', '/room', { origin: 'https://evil.example' }, 403],
    ['a page that hides', '/room', { origin: 'null' }, 403],
    ['another host name', '/room', { host: 'evil.example' }, 421],
  ] as const)('%s', async (_, path, headers, status) => {
    const own = 'origin' in headers && headers.origin === 'own' ? { origin: server.url } : headers;
    expect(await open(path, { headers: own as Record<string, string> }).status).toBe(status);
  });

  test('only so many from one address', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => open().status));
    expect(all.filter((status) => status === 101)).toHaveLength(8);
    expect(all.filter((status) => status === 429)).toHaveLength(2);
  });
});

describe('abuse is closed with its code, and the others notice nothing', () => {
  test.each([
    ['silence after the upgrade', undefined, 4002],
    ['not JSON', '{', 1008],
    ['an unknown message', { type: 'eject' }, 1008],
    ['another version', { ...joinMessage(), protocol: 'sluice-room/1' }, 4000],
    ['65,537 bytes', 'x'.repeat(65_537), 1009],
    ['a token', { ...joinMessage(), token: 'abc' }, 4001],
    [
      'a resume of nothing',
      {
        type: 'resume',
        protocol: PROTOCOL,
        id: '00000000-0000-4000-8000-000000000000',
        secret: createSecret(),
        received: 0,
      },
      4005,
    ],
  ])('%s', async (_, message, expected) => {
    const other = await joined();
    const client = open();
    if (message !== undefined) await client.say(message);
    expect(await client.closed).toBe(expected);
    await other.say({ type: 'update', userName: 'still here' });
    await until(() => other.messages.some(({ type }) => type === 'participant-updated'));
  });

  test('binary messages and bytes that are not UTF-8', async () => {
    const client = open();
    await client.status;
    client.ws.send(Buffer.from([1, 2, 3]), { binary: true });
    expect(await client.closed).toBe(1008);
    const second = open();
    await second.status;
    second.ws.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await second.closed).toBe(1007);
  });

  test('a flood is slowed down and ended', async ({ task }) => {
    const other = await joined();
    const client = await joined();
    const begun = performance.now();
    for (let n = 0; n < 20_000; n++) client.ws.send('{"type":"levels","levels":[]}');
    expect(await client.closed).toBe(1008);
    task.meta.measured = [`a flood is ended after ${Math.round(performance.now() - begun)} ms`];
    await other.say({ type: 'update', userName: 'still here' });
    await until(() => other.messages.some(({ type }) => type === 'participant-updated'));
  });

  test('a client that does not read is dropped, and the one that writes to it is not', async () => {
    const identity = createSecret();
    const victim = open();
    await victim.say({ ...joinMessage(), identity });
    await until(() => victim.messages.some(({ type }) => type === 'welcome'));
    victim.ws.pause();
    const writers = await Promise.all(Array.from({ length: 7 }, () => joined()));
    const writer = writers[0]!;
    const sdp = `v=0\r\n${'a=x:y\r\n'.repeat(5_000)}`;
    const link = { from: idOfIdentity(createSecret()) };
    const description = { type: 'offer', sdp, tracks: [] };
    const text = JSON.stringify({
      type: 'relay',
      to: idOfIdentity(identity),
      body: { kind: 'description', link, exchange: 1, description },
    });
    // Each within what one may send at once.
    for (const { ws } of writers) for (let n = 0; n < 50; n++) ws.send(text);
    await until(() => writer.messages.some(({ type }) => type === 'participant-detached'));
    await writer.say({ type: 'update', userName: 'still here' });
    await until(() => writer.messages.some(({ type }) => type === 'participant-updated'));
  });

  test('a header that never ends', async () => {
    const socket = connect(server.port, '127.0.0.1');
    const answer: Buffer[] = [];
    socket.on('data', (data) => answer.push(data));
    socket.on('error', () => {});
    socket.write('GET /room HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Buffer.concat(answer).toString()).toMatch(/^HTTP\/1\.1 408/);
  }, 15_000);
});

test('the app is mounted in a server of somebody else', async () => {
  const rooms = createRoomApp();
  const app = new Hono().mount('/rooms', rooms.fetch);
  const { getRequestListener } = await import('@hono/node-server');
  const host = createServer(getRequestListener(app.fetch)).on('upgrade', rooms.upgrade);
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  expect(await (await fetch(`${base}/rooms/hello`)).json()).toMatchObject({ room: 'hello' });
  const client = open('/rooms/hello', { base });
  await client.say(joinMessage());
  await until(() => client.messages[0]?.type === 'welcome');
  await rooms.close();
  expect(await client.closed).toBe(1001);
  await new Promise((resolve) => host.close(resolve));
});

test('npm run room prints the URL and ends on SIGTERM', async () => {
  const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));
  const child = fork(path('./room-cli.ts'), ['--port', '0', '--room', 'cli'], {
    execArgv: ['--import', path('../../../test/peers/ts-loader.mjs')],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve) =>
    child.stdout!.once('data', (data) => resolve(String(data).trim())),
  );
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/cli$/);
  expect((await fetch(url)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
});
