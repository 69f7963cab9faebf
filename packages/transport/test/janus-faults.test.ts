import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fileURLToPath } from 'node:url';
import { realClock } from '@sluice/core';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { CallClient } from '../src/call/call-client.ts';
import { JanusClient } from '../src/room/janus/wire/janus-client.ts';
import { installCandidateFilter } from '../src/room/media-path.ts';
import { relayCandidate } from '../src/testing/impair.ts';
import { TcpRelay } from '../src/testing/tcp-relay.ts';
import { UdpRelay } from '../src/testing/udp-relay.ts';
import { inputs, janusKit } from './janus-kit.ts';
import { until } from './until.ts';

const { closing, server, client } = janusKit();
const code = (code: string) => expect.objectContaining({ code });

test('what is wrong with a room, or its address, is told by its own error', async () => {
  const janus = await server({ apiSecret: 'key' });
  const ada = client();
  const join = (query: string, room = 'hello') => ada.join(janus.roomUrl(room, query), inputs(false));
  await expect(join('')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('?apisecret=wrong')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('?apisecret=key')).rejects.toThrow(code('SLUICE_ROOM_UNKNOWN'));
  await expect(join('?apisecrt=key')).rejects.toThrow(code('SLUICE_ROOM_URL'));
  await join('?apisecret=key&create&secret=boss&pin=door');
  const grace = client();
  const other = (query: string) => grace.join(janus.roomUrl('hello', query), inputs(false));
  await expect(other('?apisecret=key')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(other('?apisecret=key&pin=wrong')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(other('?apisecret=key&pin=door&secret=wrong')).rejects.toThrow(
    /the \?secret= of the room.*wrong secret/i,
  );
  await expect(other('?apisecret=key&pin=door&secret=wrong')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  const { id } = ada.participants().local;
  expect(Object.keys(ada.participants())).toEqual(['local']);
  await other('?apisecret=key&pin=door');
  expect(grace.participants().local.info.isOwner).toBe(false);
  await expect(grace.ejectRemoteParticipants([id])).rejects.toThrow(code('SLUICE_ROOM_DENIED'));
  const errors: string[] = [];
  grace.on('error', ({ error }) => errors.push(error.code));
  await ada.ejectRemoteParticipants([grace.participants().local.id]);
  await until(() => grace.callState === 'left');
  expect(errors).toEqual(['SLUICE_ROOM_REMOVED']);
});

test('a server without the plugin, one whose rooms are numbers, none at all, and one that is no Janus', async () => {
  const bare = await server({ videoRoom: false });
  const ada = client();
  await expect(ada.join(bare.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_ROOM_VERSION'));
  await bare.close();
  await expect(ada.join(bare.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_JOIN_UNREACHABLE'));
  const others = [
    [
      (socket: WebSocket) => socket.on('message', (said) => socket.send(String(said))),
      /expected server_info at janus; received "\{\\"janus\\":\\"info\\",.*\\"apisecret\\":\\"\.\.\.\\"/,
    ],
    [(socket: WebSocket) => socket.send('welcome'), /none of the Janus API; expected JSON; received "welcome"/],
    [
      (socket: WebSocket) => socket.close(1008, 'go away'),
      /connection to the Janus server broke; received "1008 go away"/,
    ],
  ] as const;
  for (const [greet, words] of others) {
    const other = new WebSocketServer({ port: 0, host: '127.0.0.1' }).on('connection', greet);
    closing.push(async () => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(ada.join(`janus+ws://127.0.0.1:${port}/hello?create&apisecret=hush`, inputs(false))).rejects.toThrow(
      words,
    );
  }
  const numbers = await server({ stringIds: false });
  await expect(ada.join(numbers.roomUrl('hello'), inputs(false))).rejects.toThrow(code('SLUICE_ROOM_URL'));
  await ada.join(numbers.roomUrl('42'), inputs('tone-440'));
  const grace = client();
  await grace.join(numbers.roomUrl('42'), inputs(false));
  const { id } = ada.participants().local;
  let loud = 0;
  grace.setAudioRenderer(id, (_, { samples }) => {
    if (samples.some((sample) => sample > 3_000)) loud++;
  });
  await until(() => loud > 20);
  expect(Object.keys(grace.participants())).toContain(id);
});

test('a call outlives its socket: the session is claimed, and what happened meanwhile is caught up with', async () => {
  const janus = await server();
  const relay = await TcpRelay.open({ port: janus.port });
  closing.push(() => relay.close());
  const ada = client();
  await ada.join(`janus+ws://127.0.0.1:${relay.port}/hello?create`, inputs(false));
  const told: string[] = [];
  ada.on('network-connection', ({ kind, state }) => told.push(`${kind} ${state}`));
  const messages: unknown[] = [];
  const grace = client();
  grace.on('app-message', ({ message }) => messages.push(message));
  await grace.join(janus.roomUrl('hello'), inputs(false));
  const cut = relay.cut();
  const said = ada.sendAppMessage('through the break');
  const late = client();
  await late.join(janus.roomUrl('hello'), inputs('tone-440'));
  await grace.leave();
  relay.restore();
  await cut;
  await said;
  const { id } = late.participants().local;
  await until(() => ada.participants()[id]?.media.microphone?.state === 'playable');
  expect(Object.keys(ada.participants()).sort()).toEqual([id, 'local'].sort());
  expect(told.slice(0, 2)).toEqual(['signalling interrupted', 'signalling connected']);
});

test('what is said while the signalling is away is heard once, in its order, and what is too much for that is told', async () => {
  const janus = await server();
  const relay = await TcpRelay.open({ port: janus.port });
  closing.push(() => relay.close());
  const [ada, grace] = [client(), client()];
  await ada.join(janus.roomUrl('hello'), inputs(false));
  await grace.join(`janus+ws://127.0.0.1:${relay.port}/hello`, inputs(false));
  const told: unknown[] = [];
  grace.on('app-message', ({ message }) => told.push((message as { readonly name: string }).name));
  grace.on('error', ({ error }) => told.push([error.code, /(\d+) more/.exec(error.message)?.[1]]));
  const say = (name: string, length = 0) => ada.sendAppMessage({ name, filler: 'x'.repeat(length) });
  /** Says them while the signalling of the other one is cut. */
  const duringBreak = async (names: readonly string[], length: number) => {
    void relay.cut();
    for (const name of names) await say(name, length);
    relay.restore();
    await until(() => told.includes(names.at(-1)));
  };
  await say('before');
  await until(() => told.length === 1);
  await duringBreak(['1', '2', '3'], 0);
  await duringBreak(['a', 'b', 'c', 'd'], 3_000);
  await say('after');
  await until(() => told.includes('after'));
  expect(told).toEqual(['before', '1', '2', '3', ['SLUICE_ROOM_MISSED', '2'], 'c', 'd', 'after']);
});

test('media that was cut for some seconds is heard again, both ways, after ICE was restarted', async () => {
  const janus = await server();
  const [ada, grace] = [client(), client()];
  // A Janus has no media on loopback.
  const [host] = Object.values(networkInterfaces()).flatMap((all = []) =>
    all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address),
  );
  const relay = await UdpRelay.open({ ...(host !== undefined && { host }) });
  closing.push(async () => relay.close());
  /** Descriptions that are not the first ones of their connections. */
  const restarts = new Set<string | undefined>();
  installCandidateFilter(ada, ({ candidate, direction }) => {
    const line = relayCandidate(relay, candidate.candidate, direction === 'outgoing' ? 'local' : 'remote');
    const [, generation, fragment] = / generation (\d+) ufrag (\S+)/.exec(candidate.candidate) ?? [];
    if (direction === 'outgoing' && Number(generation) > 0) restarts.add(fragment);
    return line === undefined ? null : { ...candidate, candidate: line };
  });
  await ada.join(janus.roomUrl('hello'), inputs('tone-440'));
  await grace.join(janus.roomUrl('hello'), inputs('tone-660'));
  const hears = (to: CallClient, from: CallClient) => {
    const heard = { loud: 0 };
    to.setAudioRenderer(from.participants().local.id, (_, { samples }) => {
      if (samples.some((sample) => sample > 3_000)) heard.loud++;
    });
    return heard;
  };
  const both = [hears(ada, grace), hears(grace, ada)];
  await until(() => both.every(({ loud }) => loud > 20));
  expect(restarts.size).toBe(0);
  relay.impairment.setCut(true);
  // Both connections, each by itself.
  await until(() => restarts.size === 2, 20_000);
  for (const one of both) one.loud = 0;
  relay.impairment.setCut(false);
  await until(() => both.every(({ loud }) => loud > 20), 20_000);
}, 60_000);

test('a server of another version, and one whose certificate is its own', async () => {
  const old = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  old.on('connection', (socket) =>
    socket.on('message', (data) => {
      const { transaction } = JSON.parse(String(data));
      socket.send(JSON.stringify({ janus: 'server_info', transaction, version: 118, version_string: '0.11.8' }));
    }),
  );
  const pem = (name: string) => readFileSync(new URL(`./tls/${name}.pem`, import.meta.url));
  const tls = createServer({ key: pem('localhost.key'), cert: pem('localhost.cert') });
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const one of old.clients) one.terminate();
    for (const one of [old, tls]) one.close();
  });
  const port = (one: { address(): unknown }) => (one.address() as AddressInfo).port;
  const ada = client();
  const join = (scheme: string, at: number) => ada.join(`${scheme}://127.0.0.1:${at}/hello`, inputs(false));
  await expect(join('janus+ws', port(old))).rejects.toThrow(/^.*Janus 1\.1.*0\.11\.8/s);
  await expect(join('janus+ws', port(old))).rejects.toThrow(code('SLUICE_ROOM_VERSION'));
  await expect(join('janus+wss', port(tls))).rejects.toThrow(/NODE_EXTRA_CA_CERTS/);
  await expect(join('janus+wss', port(tls))).rejects.toThrow(code('SLUICE_JOIN_UNREACHABLE'));
});

test('a server with TLS is joined where its certificate is trusted', async () => {
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const janus = await server({ tls: { cert: file('tls/localhost.cert.pem'), key: file('tls/localhost.key.pem') } });
  const program = `
    import { CallClient, Daily } from '@sluice/transport';
    Daily.init();
    const client = new CallClient();
    await client.join('${janus.roomUrl('hello')}');
    console.log(client.callState);
    await client.leave();
    await Daily.deinit();`;
  const args = ['--import', file('peers/ts-loader.mjs'), '--input-type=module', '-e', program];
  // Which authorities are trusted is read when a process starts.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: file('tls/localhost.cert.pem') };
  const said = await new Promise((resolve) =>
    execFile(process.execPath, args, { cwd: file('..'), env, timeout: 40_000 }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    ),
  );
  expect(janus.roomUrl('hello')).toMatch(/^janus\+wss:/);
  expect(said).toBe('joined\n');
  await expect(client().join(janus.roomUrl('hello'), inputs(false))).rejects.toThrow(/NODE_EXTRA_CA_CERTS/);
}, 60_000);

test('a server that asks for tokens is shown one with each request, which is none of the room', async () => {
  const janus = await server({ tokenSecret: 'ink' });
  const ada = client();
  /** As a backend signs them that shares the secret with the server. */
  const token = (...plugins: string[]) => {
    const said = [Math.ceil(Date.now() / 1_000) + 60, 'janus', ...plugins].join(',');
    return encodeURIComponent(`${said}:${createHmac('sha1', 'ink').update(said).digest('base64')}`);
  };
  const join = (query: string, room?: string) =>
    ada.join(janus.roomUrl('hello', `?create${query}`), { ...inputs('tone-440'), ...(room && { token: room }) });
  await expect(join('')).rejects.toThrow(/apitoken/);
  await expect(join('', 'of the room')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('&apitoken=forged')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join(`&apitoken=${token('janus.plugin.echotest')}`)).rejects.toThrow(/janus\.plugin\.videoroom/);
  await join(`&apitoken=${token('janus.plugin.videoroom')}`, 'of the room');
  const grace = client();
  await grace.join(janus.roomUrl('hello', `?apitoken=${token('janus.plugin.videoroom')}`), inputs(false));
  const { id } = ada.participants().local;
  await until(() => grace.participants()[id]?.media.microphone?.state === 'playable');
});

test('a room with a list of tokens, which is destroyed under a call', async () => {
  const janus = await server();
  const owner = await JanusClient.open({ url: new URL(janus.roomUrl('hello')), clock: realClock });
  closing.push(async () => owner.close());
  const handle = await owner.attach();
  const room = { room: 'hello', secret: 'boss' };
  await handle.ask({ request: 'create', ...room, allowed: ['good'] }, 'to make the room');
  const ada = client();
  const join = (token?: string) =>
    ada.join(janus.roomUrl('hello', ''), { ...inputs('tone-440'), ...(token !== undefined && { token }) });
  await expect(join()).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await expect(join('bad')).rejects.toThrow(code('SLUICE_ROOM_TOKEN'));
  await join('good');
  const errors: string[] = [];
  ada.on('error', ({ error }) => errors.push(error.message));
  await handle.ask({ request: 'destroy', ...room }, 'to destroy the room');
  await until(() => ada.callState === 'left');
  expect(errors).toEqual([expect.stringContaining('the room was destroyed')]);
});

test('one bot of a job stays in a room: the one with the higher lease', async () => {
  const janus = await server();
  const join = async (revision: number) => {
    const bot = client();
    const errors: string[] = [];
    bot.on('error', ({ error }) => errors.push(error.code));
    await bot.join(janus.roomUrl('hello'), { ...inputs(false), lease: { job: 'greeter', revision } });
    return { bot, errors };
  };
  const older = await join(1);
  const newer = await join(2);
  await until(() => older.bot.callState === 'left');
  expect(older.errors).toEqual(['SLUICE_JOIN_REFUSED']);
  await expect(join(1)).rejects.toThrow(code('SLUICE_JOIN_REFUSED'));
  expect(newer.bot.callState).toBe('joined');
});

test('who was removed while its signalling was cut is told so when it is back', async () => {
  const janus = await server();
  const relay = await TcpRelay.open({ port: janus.port });
  closing.push(() => relay.close());
  const [ada, grace] = [client(), client()];
  await ada.join(janus.roomUrl('hello', '?create&secret=boss'), inputs(false));
  await grace.join(`janus+ws://127.0.0.1:${relay.port}/hello`, inputs(false));
  const errors: string[] = [];
  grace.on('error', ({ error }) => errors.push(error.code));
  void relay.cut();
  await ada.ejectRemoteParticipants([grace.participants().local.id]);
  relay.restore();
  await until(() => grace.callState === 'left');
  expect(errors).toEqual(['SLUICE_ROOM_REMOVED']);
});

test.each([
  { who: 'none of whom knows the secret', secret: '', standsBy: false },
  { who: 'who know the secret', secret: '&secret=boss', standsBy: false },
  { who: 'of which the later one stands by', secret: '', standsBy: true },
])(
  'of two bots of a job, $who, one is heard at a time, though the earlier one hears nothing of it',
  async ({ secret, standsBy }) => {
    const janus = await server();
    const relay = await TcpRelay.open({ port: janus.port });
    closing.push(() => relay.close());
    const ear = client();
    await ear.join(janus.roomUrl('hello', '?create&secret=boss'), inputs(false));
    const loudAt = new Map<string, number[]>();
    ear.on('participant-joined', ({ participant: { id } }) => {
      const times: number[] = [];
      loudAt.set(id, times);
      ear.setAudioRenderer(id, (_, { samples }) => {
        if (samples.some((sample) => sample > 3_000)) times.push(performance.now());
      });
    });
    let take = async () => {};
    const onBegin = (begin: typeof take) => {
      take = begin;
    };
    const join = async (port: number, revision: number) => {
      const bot = client();
      const url = `janus+ws://127.0.0.1:${port}/hello?${secret}`;
      const lease = { job: 'greeter', revision, ...(standsBy && { onBegin }) };
      await bot.join(url, { ...inputs('tone-440'), lease });
      const { id } = bot.participants().local;
      await until(() => loudAt.has(id));
      return { bot, id, loudAt: loudAt.get(id)! };
    };
    const earlier = await join(relay.port, 1);
    await take();
    await until(() => earlier.loudAt.length > 20);
    void relay.cut();
    const later = await join(janus.port, 2);
    if (standsBy) {
      const before = earlier.loudAt.length;
      await until(() => earlier.loudAt.length > before + 50);
      expect(later.loudAt).toEqual([]);
      await take();
    }
    // As long as it takes to hear the other one beside it.
    await until(() => later.loudAt.length > 50);
    // The rest of a frame of its that had begun.
    expect(earlier.loudAt.filter((at) => at > later.loudAt[0]!).length).toBeLessThan(2);
    expect(earlier.bot.callState).toBe('joined');
    expect(Object.hasOwn(ear.participants(), earlier.id)).toBe(secret === '');
    relay.restore();
    await until(() => earlier.bot.callState === 'left');
  },
);
