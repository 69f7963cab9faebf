import { AudioFrame, graph, micros, pullSource, type VideoFrame, videoFramePool } from '@sluice/core';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { Daily } from '../src/daily.ts';
import { loadWrtc } from '../src/host/engine/wrtc.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { startWhipServer, type WhipServer } from '../src/whip/endpoint/whip-server.ts';
import { fromWhep } from '../src/whip/from-whep.ts';
import { toWhip } from '../src/whip/to-whip.ts';
import { until } from './until.ts';

const RATE = 48_000;
const HZ = 440;
const size = { width: 160, height: 120 };
const token = 'secret';

let rooms: RoomServer;
let endpoint: WhipServer;
beforeEach(async () => {
  const tokens = (given: string | undefined) => (given === token ? {} : null);
  rooms = await startRoomServer({ tokens });
  Daily.init();
  endpoint = await startWhipServer({ roomUrl: rooms.roomUrl, maxSessions: 2 });
});
afterEach(async () => {
  await endpoint.close();
  await Daily.deinit();
  await rooms.close();
});

/** As long as it is asked for. */
const tone = () =>
  pullSource<AudioFrame>({ name: 'tone', format: { kind: 'audio', sampleRate: RATE, channels: 1 } }, () => {
    let at = 0;
    return {
      read: () => {
        const samples = Int16Array.from({ length: 960 }, (_, index) =>
          Math.round(12_000 * Math.sin((2 * Math.PI * HZ * (at + index)) / RATE)),
        );
        const frame = new AudioFrame({ samples, sampleRate: RATE, channels: 1, timestamp: micros((at / RATE) * 1e6) });
        at += 960;
        return frame;
      },
    };
  });

/** Grey pictures, each a little lighter than the last, from black to white and over again. */
const steps = () =>
  pullSource<VideoFrame>({ name: 'steps', format: { kind: 'video', ...size, format: 'I420' } }, () => {
    let index = 0;
    return {
      read: () => {
        const frame = videoFramePool.frame({ ...size, format: 'I420', timestamp: micros(index * 40_000) });
        frame.data.fill(128);
        frame.data.fill(32 + (index++ % 12) * 16, 0, size.width * size.height);
        return frame;
      },
    };
  });

/** How much of the sound is the tone, in decibels over the rest. */
function snr(samples: readonly number[]): number {
  let [sine, cosine, power] = [0, 0, 0];
  for (const [at, sample] of samples.entries()) {
    const phase = (2 * Math.PI * HZ * at) / RATE;
    sine += sample * Math.sin(phase);
    cosine += sample * Math.cos(phase);
    power += sample * sample;
  }
  const signal = (2 * (sine ** 2 + cosine ** 2)) / samples.length;
  return 10 * Math.log10(signal / Math.max(1, power - signal));
}

test('publishes a tone and pictures in a room, plays them from there, and leaves nobody behind', async () => {
  const live = toWhip(endpoint.whipUrl('stage'), { token, iceServers: [], video: size });
  const bot = graph('bot');
  bot.from(tone()).to(live.audio);
  bot.from(steps()).to(live.video);
  const over = bot.run().catch((error: unknown) => error);
  await until(() => live.connected);
  const stage = fromWhep(endpoint.whepUrl('stage'), { token, iceServers: [] });
  const heard: number[] = [];
  const seen = new Set<number>();
  stage.audio.subscribe((frame) => heard.push(...frame.samples));
  stage.video.subscribe((frame) => {
    if (frame.width === size.width) seen.add(Math.round((frame.data[size.width * 60 + 80]! - 32) / 16));
    frame.close();
  });
  await until(() => endpoint.sessions === 2);
  const third = await fetch(endpoint.whipUrl('stage'), offer(SDP));
  expect(third.status).toBe(503);
  await until(() => heard.length > 1.4 * RATE && seen.size >= 6);
  // 100 ms, wherever nothing was missing.
  const stretches = Array.from({ length: 12 }, (_, at) =>
    snr(heard.slice(-(at + 1) * 4_800, -at * 4_800 || undefined)),
  );
  expect(Math.max(...stretches)).toBeGreaterThan(15);
  await stage.close();
  await until(() => endpoint.sessions === 1);
  bot.abort();
  expect(await over).toMatchObject({ code: 'SLUICE_ABORTED' });
  await live.close();
  expect(endpoint.sessions).toBe(0);
});

test('refuses what is no offer, and those who may not enter, and keeps no session of them', async () => {
  const live = toWhip(endpoint.whipUrl('stage'), { token: 'another' });
  const bot = graph('bot');
  bot.from(tone()).to(live.audio);
  await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_WHIP_TOKEN' });
  const stage = fromWhep(endpoint.whepUrl('stage'), { video: false });
  const error = await new Promise((resolve) => stage.audio.subscribe({ error: resolve }));
  expect(error).toMatchObject({ code: 'SLUICE_WHIP_TOKEN' });
  const status = async (path: string, init: RequestInit) => (await fetch(`${endpoint.url}${path}`, init)).status;
  expect(await status('/whip/stage', { method: 'POST', body: 'v=0' })).toBe(415);
  expect(await status('/whip/stage', offer('v=0'))).toBe(400);
  expect(await status('/whip/stage', offer('v'.repeat(60_000)))).toBe(413);
  expect(await status('/whip/stage', offer(SDP))).toBe(401);
  expect(await status('/whip/stage', { method: 'GET' })).toBe(405);
  expect(
    await status('/whip/stage', { ...offer(SDP), headers: { ...offer(SDP).headers, origin: 'http://x.example' } }),
  ).toBe(403);
  expect(await status(`/whip/stage/${'0'.repeat(32)}`, { method: 'DELETE' })).toBe(404);
  expect(await status('/elsewhere', { method: 'POST' })).toBe(404);
  expect(endpoint.sessions).toBe(0);
  await expect(startWhipServer({ roomUrl: rooms.roomUrl, host: '0.0.0.0' })).rejects.toMatchObject({
    code: 'SLUICE_ROOM_INSECURE',
  });
});

test('an endpoint under attack refuses, ends what is ended twice, and takes the next one', async () => {
  const { RTCPeerConnection } = loadWrtc();
  const peer = new RTCPeerConnection({});
  onTestFinished(() => peer.close());
  peer.addTransceiver('audio', { direction: 'sendonly' });
  const { sdp = '' } = await peer.createOffer();
  await peer.setLocalDescription({ type: 'offer', sdp });
  const bearer = { authorization: `Bearer ${token}` };
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(`${endpoint.url}${path}`, { method, headers, ...(body !== undefined && { body }) });
  const post = (body: string, headers: Record<string, string> = bearer) =>
    ask('POST', '/whip/stage', { 'content-type': 'application/sdp', ...headers }, body);
  const [session = '', media = ''] = [sdp.slice(0, sdp.indexOf('m=')), sdp.slice(sdp.indexOf('m='))];
  const many = Array.from({ length: 50 }, (_, n) => `m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:a${n}\r\n`).join('');
  const refused: readonly (readonly [string, () => Promise<Response>, number])[] = [
    ['no media', () => post(session), 400],
    ['50 m-lines', () => post(session + media + many), 400],
    ['data alone', () => post(sdp.replace(/m=audio .*/, 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel')), 400],
    ['no room', () => ask('POST', '/whip/', bearer, sdp), 404],
    ['another type', () => post(sdp, { ...bearer, 'content-type': 'text/html' }), 415],
    ['a wrong token', () => post(sdp, { authorization: 'Bearer wrong' }), 401],
    ['a token of another kind', () => post(sdp, { authorization: `Basic ${token}` }), 401],
  ];
  const said: [string, number][] = [];
  for (const [what, asked] of refused) said.push([what, (await asked()).status]);
  expect(said).toEqual(refused.map(([what, , status]) => [what, status]));
  expect(endpoint.sessions).toBe(0);

  // Who goes before the answer leaves a session that is ended as one that carries nothing.
  const going = new AbortController();
  const gone = fetch(endpoint.whipUrl('stage'), {
    ...offer(sdp),
    headers: { ...bearer, 'content-type': 'application/sdp' },
    signal: going.signal,
  });
  going.abort();
  await expect(gone).rejects.toThrow();
  await until(() => endpoint.sessions === 0);

  const [one, two] = await Promise.all([post(sdp), post(sdp)]);
  expect([one.status, two.status, (await post(sdp)).status]).toEqual([201, 201, 503]);
  const [at, other] = [one, two].map(({ headers }) => headers.get('location')!) as [string, string];
  const fragment = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': one.headers.get('etag')! };
  expect((await ask('PATCH', other.replace('stage', 'other'), fragment, sdp)).status).toBe(404);
  expect((await ask('DELETE', other.replace(/.$/, 'x'))).status).toBe(404);
  const ends = ['DELETE', 'PATCH', 'DELETE'].map((method) =>
    method === 'PATCH' ? ask(method, at, fragment, sdp) : ask(method, at),
  );
  const [first, patched, second] = (await Promise.all(ends)).map(({ status }) => status);
  expect([first, second].every((status) => status === 200 || status === 404)).toBe(true);
  expect([200, 204, 404, 412, 500]).toContain(patched);
  expect((await ask('DELETE', at)).status).toBe(404);
  expect((await ask('DELETE', other)).status).toBe(200);
  expect(endpoint.sessions).toBe(0);
  expect((await post(sdp)).status).toBe(201);
});

const SDP = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=mid:0',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:aaaaaaaaaaaaaaaaaaaaaaaa',
  'a=fingerprint:sha-256 AA',
  '',
].join('\r\n');
const offer = (body: string) => ({ method: 'POST', body, headers: { 'content-type': 'application/sdp' } });
