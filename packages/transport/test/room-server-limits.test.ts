import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createSecret } from '@sluice/protocol';
import { type RoomServer, type RoomServerOptions, startRoomServer } from '@sluice/transport';
import { afterEach, describe, expect, test } from 'vitest';
import { bareClient, joinBare } from './bare-client.ts';
import { until } from './until.ts';

const key = createSecret();
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const pem = (name: string) => readFileSync(file(`tls/${name}.pem`), 'utf8');
const tls = { key: pem('localhost.key'), cert: pem('localhost.cert') };

const servers: RoomServer[] = [];
const ends: (() => void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) end();
  for (const server of servers.splice(0)) await server.close();
});
async function start(options: RoomServerOptions = {}) {
  const server = await startRoomServer({ apiKeys: [key], ...options });
  servers.push(server);
  return server;
}
const bearer = { authorization: `Bearer ${key}` };
const asJson = { ...bearer, 'content-type': 'application/json' };

/** Writes bytes as they are and gives what comes back until the server hangs up, or for at most so long. */
function raw(server: RoomServer, bytes: string | Buffer, limitMs = 15_000): Promise<string> {
  const socket: Socket = connect(server.port, '127.0.0.1');
  ends.push(() => socket.destroy());
  const answer: Buffer[] = [];
  socket.on('data', (data) => answer.push(data));
  socket.on('error', () => {});
  socket.write(bytes);
  return new Promise((resolve) => {
    const done = () => resolve(Buffer.concat(answer).toString());
    socket.once('close', done);
    setTimeout(done, limitMs).unref();
  });
}
const post = (headers: string, body = '') =>
  `POST /v1/rooms HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;

describe('bodies', () => {
  test('a gigabyte that is only announced is refused before it comes', async () => {
    expect(await raw(await start(), post('Content-Length: 1000000000\r\n', '{'))).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('one that never says how long it is ends at its limit', async () => {
    const server = await start();
    const chunk = `4000\r\n${' '.repeat(0x4000)}\r\n`;
    expect(await raw(server, post('Transfer-Encoding: chunked\r\n', chunk.repeat(8)))).toMatch(/^HTTP\/1\.1 413 /);
  });

  test.each([
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3\r\n'],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'],
    ['a length below zero', 'Content-Length: -1\r\n'],
    ['a header of 17 KiB', `X-Long: ${'x'.repeat(17 * 1024)}\r\n`],
    ['a header with a NUL', 'X-Odd: a\0b\r\n'],
  ])('%s', async (_, headers) => {
    expect(await raw(await start(), post(headers, '{}'))).toMatch(/^HTTP\/1\.1 4(?:00|31) /);
  });

  test('a gzip bomb is not unpacked', async () => {
    const server = await start();
    const body = gzipSync(Buffer.alloc(50_000_000, ' '));
    const headers = { ...asJson, 'content-encoding': 'gzip' };
    expect((await fetch(`${server.url}/v1/rooms`, { method: 'POST', headers, body })).status).toBe(415);
  });

  test('one that drips is ended', async ({ task }) => {
    const begun = performance.now();
    expect(await raw(await start(), post('Content-Length: 10\r\n', '{'))).toMatch(/^HTTP\/1\.1 408 /);
    task.meta.measured = [`one that drips is ended after ${Math.round(performance.now() - begun)} ms`];
  }, 30_000);
});

describe('who asks from where', () => {
  test.each<[string, Record<string, string>, number]>([
    ['another name, as after DNS rebinding', { host: 'evil.example' }, 421],
    ['a page of another origin', { origin: 'https://evil.example' }, 403],
    ['a page whose origin begins like ours', { origin: 'http://127.0.0.1.evil.example' }, 403],
    ['a page that hides', { origin: 'null' }, 403],
    ['a program', {}, 200],
  ])('%s', async (_, headers, status) => {
    const server = await start();
    const lines = Object.entries({ host: '127.0.0.1', ...bearer, ...headers, connection: 'close' });
    for (const path of ['/v1/rooms', '/healthz']) {
      const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      expect(await raw(server, `GET ${path} HTTP/1.1\r\n${text}\r\n`)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });

  test('no page of another origin is told that it may', async () => {
    const server = await start();
    for (const method of ['OPTIONS', 'GET', 'POST']) {
      const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
      const answer = await fetch(`${server.url}/v1/rooms`, { method, headers });
      expect(answer.status).toBe(403);
      expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('without keys there is no such API, also for who asks for a page', async () => {
    const server = await startRoomServer();
    servers.push(server);
    for (const accept of ['*/*', 'text/html'])
      expect((await fetch(`${server.url}/v1/rooms`, { headers: { ...bearer, accept } })).status).toBe(404);
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' });
  });
});

describe('connections', () => {
  /** Sockets that say nothing, of one address. */
  const idle = async (server: RoomServer, count: number) => {
    const all = Array.from({ length: count }, () => connect(server.port, '127.0.0.1'));
    for (const socket of all) socket.on('error', () => {});
    ends.push(() => all.forEach((socket) => void socket.destroy()));
    await Promise.all(all.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    return all;
  };

  /** Sockets that have asked once and stay, of one address. */
  const talking = async (server: RoomServer, count: number) => {
    const all = await idle(server, count);
    for (const socket of all) socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await Promise.all(all.map((socket) => new Promise((resolve) => socket.once('data', resolve))));
    return all;
  };
  const healthz = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

  test('one address has its part, and is told that the server is busy', async () => {
    const server = await start({ maxConnectionsPerAddress: 8 });
    const held = await talking(server, 8 + 32);
    const answer = await raw(server, healthz, 1_000);
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*"code":"busy"/);
    expect(await bareClient(server.roomUrl('hello')).status).toBe(503);
    // Whoever comes from elsewhere finds the door open.
    const other = connect({ port: server.port, host: '127.0.0.1', localAddress: '127.0.0.2' });
    ends.push(() => other.destroy());
    other.write(healthz);
    const told = await new Promise<string>((resolve) => other.once('data', (data) => resolve(String(data))));
    expect(told).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of held) socket.destroy();
    await until(async () => (await raw(server, healthz, 500)).includes(' 200 '));
  });

  test('behind a proxy each address that it names has its part, whatever clients write before it', async () => {
    const server = await start({ proxies: ['127.0.0.1'], maxConnectionsPerAddress: 2 });
    // More than an address may have: those of a proxy are many people's.
    await talking(server, 40);
    const from = (forwarded: string, localAddress?: string) => {
      const headers = { 'x-forwarded-for': forwarded };
      const client = bareClient(server.roomUrl('hello'), { headers, ...(localAddress && { localAddress }) });
      ends.push(() => client.ws.terminate());
      return client.status;
    };
    expect([await from('203.0.113.7'), await from('198.51.100.1, 203.0.113.7')]).toEqual([101, 101]);
    expect(await from('198.51.100.2, 203.0.113.7')).toBe(429);
    expect(await from('203.0.113.8')).toBe(101);
    // Who comes past the proxy is who it is.
    const past = [await from('203.0.113.9', '127.0.0.2'), await from('203.0.113.10', '127.0.0.2')];
    expect([...past, await from('203.0.113.11', '127.0.0.2')]).toEqual([101, 101, 429]);
  });

  test.each([
    ['say nothing', ''],
    ['never end what they ask', 'GET / HTTP/1.1\r\nHost: '],
  ])('those that %s give way to one of their address that asks, the oldest first', async (_, said) => {
    const server = await start({ maxConnectionsPerAddress: 8 });
    const talks = await talking(server, 1);
    const held = await idle(server, 3 * 40);
    for (const socket of held) if (!socket.destroyed) socket.write(said);
    await until(() => held.slice(0, 3 * 40 - 39).every(({ destroyed }) => destroyed));
    for (let n = 0; n < 5; n++) expect(await raw(server, healthz, 2_000)).toMatch(/^HTTP\/1\.1 200 /);
    const client = await joinBare(server.roomUrl('hello'));
    ends.push(() => client.ws.terminate());
    expect(client.answer.type).toBe('welcome');
    expect(talks[0]?.destroyed).toBe(false);
  });

  test('twice its part is closed without a word, and so is one too many that says nothing', async () => {
    const server = await start({ maxConnectionsPerAddress: 1 });
    const held = await talking(server, 33);
    const more = await idle(server, 34);
    await until(() => more.every(({ destroyed }) => destroyed));
    expect(held.filter(({ destroyed }) => destroyed)).toEqual([]);
  });

  test('there is a limit for all together, and those that say nothing give way, whoever has most of them', async () => {
    const server = await start({ maxConnections: 4 });
    const held = await idle(server, 4);
    expect(await raw(server, healthz, 1_000)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of held) socket.destroy();
    await talking(server, 4);
    expect(await raw(server, healthz, 1_000)).toMatch(/^HTTP\/1\.1 503 /);
  });
});

describe('TLS', () => {
  test('serves rooms, REST and health, beyond loopback without a further word', async () => {
    const server = await start({ host: '0.0.0.0', tls });
    expect(server.url).toMatch(/^https:/);
    const url = `https://localhost:${server.port}`;
    const answer = await new Promise<number | undefined>((resolve, reject) =>
      request(`${url}/v1/rooms`, { ca: tls.cert, headers: bearer, agent: false }, (response) =>
        resolve(response.resume().statusCode),
      )
        .on('error', reject)
        .end(),
    );
    expect(answer).toBe(200);
    const client = await joinBare(`${url}/hello`, undefined, { ca: tls.cert });
    ends.push(() => client.ws.terminate());
    expect(client.answer.type).toBe('welcome');
  });

  test('a call client joins by it', async () => {
    const server = await start({ tls });
    const program = `
      import { CallClient, Daily } from '@sluice/transport';
      Daily.init();
      const client = new CallClient();
      await client.join('https://localhost:${server.port}/hello');
      console.log(client.callState);
      await client.leave();
      await Daily.deinit();`;
    const args = ['--import', file('peers/ts-loader.mjs'), '--input-type=module', '-e', program];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: file('tls/localhost.cert.pem') };
    const said = await new Promise((resolve) =>
      execFile(process.execPath, args, { cwd: file('..'), env, timeout: 40_000 }, (_, stdout, stderr) =>
        resolve(stdout + stderr),
      ),
    );
    expect(said).toBe('joined\n');
  });

  test('who speaks no TLS, and who says nothing, is hung up on', async () => {
    const server = await start({ tls });
    expect(await raw(server, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')).not.toContain('200');
    expect(await raw(server, '')).toBe('');
  }, 30_000);

  test.each<[string, object]>([
    ['a key of another certificate', { ...tls, cert: pem('other.cert') }],
    ['no PEM', { key: 'secret words', cert: tls.cert }],
    ['nothing', { key: '', cert: '' }],
    ['a path', { key: '/etc/ssl/key.pem', cert: '/etc/ssl/cert.pem' }],
    ['another option', { ...tls, passphrase: 'secret words' }],
  ])('%s is refused at once, and not shown', async (_, wrong) => {
    const started = startRoomServer({ tls: wrong as typeof tls });
    await expect(started).rejects.toThrow(TypeError);
    await expect(started).rejects.not.toThrow(/secret words|BEGIN/);
  });
});

describe('figures', () => {
  test('are on a port of their own, for their own key, without a name in them', async () => {
    const scrape = createSecret();
    const server = await start({ metrics: { key: scrape } });
    const client = await joinBare(server.roomUrl('secret-room'));
    ends.push(() => client.ws.terminate());
    await fetch(`${server.url}/v1/rooms`, { headers: bearer });
    await fetch(`${server.url}/v1/rooms`);
    expect(new URL(server.metricsUrl!).hostname).toBe('127.0.0.1');
    expect(new URL(server.metricsUrl!).port).not.toBe(String(server.port));
    const read = (headers: Record<string, string>, url = server.metricsUrl!) => fetch(url, { headers });
    expect((await read({})).status).toBe(401);
    expect((await read(bearer)).status).toBe(401);
    const answer = await read({ authorization: `Bearer ${scrape}` });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    expect(text).toMatch(/^sluice_rooms 1$/m);
    expect(text).toMatch(/^sluice_participants 1$/m);
    expect(text).toMatch(/^sluice_sockets 1$/m);
    expect(text).toMatch(/^sluice_rest_answers_total\{status="200"\} 1$/m);
    expect(text).toMatch(/^sluice_rest_answers_total\{status="401"\} 1$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    for (const line of text.trimEnd().split('\n'))
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) [a-z_]+ .+|[a-z_]+(?:\{[a-z]+="[^"]*"\})? [\d.e+-]+)$/);
    expect(text).not.toContain('secret-room');
    // Neither the other paths of this port nor the rooms' port have them.
    expect(
      (await read({ authorization: `Bearer ${scrape}` }, server.metricsUrl!.replace('metrics', 'v1/rooms'))).status,
    ).toBe(404);
    expect(await (await read({ authorization: `Bearer ${scrape}` }, `${server.url}/metrics`)).text()).not.toContain(
      'sluice_rooms',
    );
  });

  test('need a key, and a port that is free', async () => {
    await expect(startRoomServer({ metrics: { key: 'short' } })).rejects.toThrow(/metrics\.key/);
    const server = await start();
    const taken = startRoomServer({ metrics: { key: createSecret(), port: server.port } });
    await expect(taken).rejects.toThrow(expect.objectContaining({ code: 'SLUICE_ROOM_LISTEN' }));
  });
});
