import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

const WANTED = `Basic ${Buffer.from('ada:pass').toString('base64')}`;

let room: RoomServer;
let proxy: Server;
let devices: TestDevices;
let client: CallClient;
let answer: string | undefined;
const sockets = new Set<Socket>();
const connected: string[] = [];

beforeEach(async () => {
  room = await startRoomServer();
  devices = createTestDevices();
  client = new CallClient({ devices });
  answer = undefined;
  connected.length = 0;
  proxy = createServer();
  proxy.on('connection', (socket) => sockets.add(socket));
  proxy.on('connect', ({ url = '', headers }, socket: Socket) => {
    socket.on('error', () => {});
    const refusal = answer ?? (headers['proxy-authorization'] === WANTED ? undefined : '407 Authentication Required');
    if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal}\r\nContent-Length: 0\r\n\r\n`);
    connected.push(url);
    const target = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
const cut = () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
};
afterEach(async () => {
  await client[Symbol.asyncDispose]();
  cut();
  await new Promise((resolve) => proxy.close(resolve));
  await devices.close();
  await room.close();
});

const url = (credentials = 'ada:pass@') => `http://${credentials}127.0.0.1:${(proxy.address() as AddressInfo).port}`;
const target = () => `127.0.0.1:${room.port}`;
const failure = () =>
  client.join(room.roomUrl('hello')).then(
    () => undefined,
    (error) => error as Error & { code: string },
  );

test('a call is signalled through the proxy, also after a break, and past it with the next one without', async () => {
  const states: string[] = [];
  client.on('network-connection', (event) => states.push(`${event.kind} ${event.state}`));
  await client.setProxyUrl(url());
  await client.join(room.roomUrl('hello'));
  expect(connected).toEqual([target()]);
  cut();
  await until(() => states.includes('signalling connected'));
  expect(connected).toEqual([target(), target()]);
  await client.leave();
  await client.setProxyUrl(null);
  await client.join(room.roomUrl('hello'));
  expect(connected).toHaveLength(2);
});

test('missing and wrong credentials are told by name, and not shown', async () => {
  for (const credentials of ['', 'ada:hidden@']) {
    await client.setProxyUrl(url(credentials));
    const error = await failure();
    expect(error).toMatchObject({ code: 'SLUICE_JOIN_REFUSED' });
    expect(error?.message).toMatch(/the proxy at .*HTTP 407.*credentials/s);
    expect(error?.message).not.toContain('hidden');
  }
});

test('a proxy that does not let us through, and one that is not there', async () => {
  answer = '403 Forbidden';
  await client.setProxyUrl(url());
  expect((await failure())?.message).toMatch(/the proxy at .*HTTP 403/s);
  const gone = url();
  cut();
  await new Promise((resolve) => proxy.close(resolve));
  await client.setProxyUrl(gone);
  const error = await failure();
  expect(error).toMatchObject({ code: 'SLUICE_JOIN_UNREACHABLE' });
  expect(error?.message).toContain('no proxy answers at 127.0.0.1');
  expect(error?.message).not.toContain('pass');
});
