import { AudioFrame, graph, micros, pullSource, type VideoFrame, videoFramePool } from '@sluice/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Daily } from '../src/daily.ts';
import { fromWhep } from '../src/whip/from-whep.ts';
import { toWhip } from '../src/whip/to-whip.ts';
import { until } from './until.ts';
import { startWhipEndpoint, type WhipEndpoint } from './whip-endpoint.ts';

const RATE = 48_000;
const HZ = 440;
const size = { width: 160, height: 120 };
const token = 'secret';

let endpoint: WhipEndpoint;
beforeEach(async () => {
  endpoint = await startWhipEndpoint(token);
  Daily.init();
});
afterEach(async () => {
  await Daily.deinit();
  await endpoint.close();
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

test('publishes a tone and pictures, plays them from there, and ends both sessions by DELETE', async () => {
  const live = toWhip(`${endpoint.url}/whip`, { token, iceServers: [], video: size });
  const bot = graph('bot');
  bot.from(tone()).to(live.audio);
  bot.from(steps()).to(live.video);
  const over = bot.run().catch((error: unknown) => error);
  await until(() => live.connected);
  const stage = fromWhep(`${endpoint.url}/whep`, { token, iceServers: [] });
  const heard: number[] = [];
  const seen = new Set<number>();
  stage.audio.subscribe((frame) => heard.push(...frame.samples));
  stage.video.subscribe((frame) => {
    expect(frame).toMatchObject({ ...size, format: 'I420' });
    seen.add(Math.round((frame.data[size.width * 60 + 80]! - 32) / 16));
    frame.close();
  });
  await until(() => heard.length > 1.4 * RATE && seen.size >= 8);
  // 200 ms, wherever nothing was missing: the phase goes on through them.
  const stretches = Array.from({ length: 12 }, (_, at) =>
    snr(heard.slice(-(at + 2) * 4_800, -at * 4_800 || undefined)),
  );
  expect(Math.max(...stretches)).toBeGreaterThan(20);
  await stage.close();
  bot.abort();
  expect(await over).toMatchObject({ code: 'SLUICE_ABORTED' });
  await live.close();
  expect(endpoint.requests).toEqual(['POST /whip', 'POST /whep', 'DELETE /whep/2', 'DELETE /whip/1']);
  expect(endpoint.offers.map((sdp) => [...new Set(sdp.match(/^a=(send|recv)\w+/gm))])).toEqual([
    ['a=sendonly'],
    ['a=recvonly'],
  ]);
});

test('fails a graph whose token is not accepted before it starts, and its sources with the reason', async () => {
  const live = toWhip(`${endpoint.url}/whip`, { token: 'another' });
  const bot = graph('bot');
  bot.from(tone()).to(live.audio);
  await expect(bot.run()).rejects.toMatchObject({ code: 'SLUICE_WHIP_TOKEN' });
  const stage = fromWhep(`${endpoint.url}/whep`, { video: false });
  const error = await new Promise((resolve) => stage.audio.subscribe({ error: resolve }));
  expect(error).toMatchObject({ code: 'SLUICE_WHIP_TOKEN' });
});
