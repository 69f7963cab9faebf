import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AudioFrame, graph, micros, pullSource } from '@sluice/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { startWhipServer, type WhipServer } from '../src/whip/endpoint/whip-server.ts';
import { fromWhep } from '../src/whip/from-whep.ts';
import { toWhip } from '../src/whip/to-whip.ts';
import { Detour } from './detour.ts';
import { until } from './until.ts';

let rooms: RoomServer;
let endpoint: WhipServer;
let proxy: Server;
/** The way of media as the proxy tells it. */
let way: Detour;
/** What the proxy was asked for. */
const asked: string[] = [];
/** What it says instead of passing a PATCH on. */
let refuses: number | undefined;

/** Passes requests on to the endpoint, and has what they carry lead through the relay. */
async function passOn(request: IncomingMessage) {
  const { method = '', url = '', headers } = request;
  const body = await way.lead(await text(request));
  asked.push(method);
  if (method === 'PATCH' && refuses !== undefined) return { status: refuses, headers: {}, answer: '' };
  const told = ['content-type', 'if-match', 'authorization'].flatMap((name) =>
    headers[name] === undefined ? [] : [[name, String(headers[name])] as const],
  );
  const reply = await fetch(`${endpoint.url}${url}`, {
    method,
    headers: Object.fromEntries(told),
    ...(body !== '' && { body }),
  });
  const answer = await way.lead(await reply.text());
  const kept = [...reply.headers].filter(([name]) => !['content-length', 'transfer-encoding'].includes(name));
  return { status: reply.status, headers: Object.fromEntries(kept), answer };
}

beforeEach(async () => {
  asked.length = 0;
  refuses = undefined;
  rooms = await startRoomServer({ tokens: () => ({}) });
  Daily.init();
  endpoint = await startWhipServer({ roomUrl: rooms.roomUrl });
  way = new Detour();
  proxy = createServer((request, response) => {
    passOn(request).then(
      ({ status, headers, answer }) => response.writeHead(status, headers).end(answer),
      () => response.destroy(),
    );
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
});
afterEach(async () => {
  await endpoint.close();
  await Daily.deinit();
  await rooms.close();
  proxy.closeAllConnections();
  proxy.close();
  way[Symbol.dispose]();
});

const proxied = (path: string) => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`;
/** A loud hum, as long as it is asked for. */
const square = () =>
  pullSource<AudioFrame>({ name: 'hum', format: { kind: 'audio', sampleRate: 48_000, channels: 1 } }, () => {
    let count = 0;
    return {
      read: () => {
        const samples = Int16Array.from({ length: 960 }, (_, at) => (at % 96 < 48 ? 8_000 : -8_000));
        return new AudioFrame({ samples, sampleRate: 48_000, channels: 1, timestamp: micros(count++ * 20_000) });
      },
    };
  });
const level = (samples: Int16Array) => samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);

test('a publication whose network is another goes on in the same session, by a restart of ICE', async () => {
  const live = toWhip(proxied('/whip/stage'), { iceServers: [] });
  const bot = graph('bot');
  bot.from(square()).to(live.audio);
  const over = bot.run().catch((error: unknown) => error);
  await until(() => live.connected);
  const stage = fromWhep(endpoint.whepUrl('stage'), { iceServers: [], video: false });
  let loud = 0;
  stage.audio.subscribe((frame) => {
    if (level(frame.samples) > 2_000) loud++;
    frame.close();
  });
  await until(() => loud > 20);
  way[Symbol.dispose]();
  way = new Detour();
  await until(() => !live.connected, 15_000);
  await until(() => live.connected, 15_000);
  const before = loud;
  await until(() => loud > before + 20);
  expect(asked.filter((method) => method === 'POST')).toHaveLength(1);
  expect(asked.filter((method) => method === 'PATCH').length).toBeGreaterThanOrEqual(1);
  expect(endpoint.sessions).toBe(2);
  await stage.close();
  bot.abort();
  expect(await over).toMatchObject({ code: 'SLUICE_ABORTED' });
  await live.close();
  expect(endpoint.sessions).toBe(0);
});

test('a playback whose endpoint restarts nothing is lost when its way has failed, which says so', async () => {
  refuses = 405;
  const source = toWhip(endpoint.whipUrl('stage'), { iceServers: [] });
  const bot = graph('bot');
  bot.from(square()).to(source.audio);
  const over = bot.run().catch((error: unknown) => error);
  await until(() => source.connected);
  const stage = fromWhep(proxied('/whep/stage'), { iceServers: [], video: false });
  let heard = 0;
  const lost = new Promise((resolve) =>
    stage.audio.subscribe({
      next: (frame) => {
        heard++;
        frame.close();
      },
      error: resolve,
    }),
  );
  await until(() => heard > 20);
  way[Symbol.dispose]();
  way = new Detour();
  expect(await lost).toMatchObject({ code: 'SLUICE_WHIP_LOST', message: expect.stringContaining('status 405') });
  bot.abort();
  await over;
});
