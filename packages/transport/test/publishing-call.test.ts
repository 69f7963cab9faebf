import type { AudioFrame } from '@sluice/core';
import { measureTone } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import type { AudioSendOptions } from '../src/call/send/publishing.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { until } from './until.ts';

const RATE = 48_000;
/** Of the engine's Opus, in seconds. */
const PACKET = 0.02;

let server: RoomServer;
const clients = new Set<CallClient>();
const writers: NodeJS.Timeout[] = [];

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  for (const writer of writers.splice(0)) clearInterval(writer);
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  await Daily.deinit();
  await server.close();
});

/** Keeps 150 to 250 ms of two tones queued, 500 Hz on the left and 900 Hz on the right, with as much noise. */
function play(source: CustomAudioSource): void {
  let index = 0;
  const { channels } = source;
  const write = () => {
    while (source.queuedDuration < 150) {
      const samples = new Int16Array(4_800 * channels);
      for (let n = 0; n < samples.length; n++) {
        const hz = n % channels === 1 ? 900 : 500;
        const at = index + Math.floor(n / channels);
        samples[n] = 8_000 * Math.sin((2 * Math.PI * hz * at) / RATE) + 3_000 * (Math.random() - 0.5);
      }
      index += 4_800;
      source.write(samples);
    }
  };
  write();
  writers.push(setInterval(write, 20));
}

/** Somebody who sends a track named `song` to one listener. */
async function perform(room: string, channels: number, sendSettings?: AudioSendOptions) {
  const ada = new CallClient();
  const grace = new CallClient();
  clients.add(ada).add(grace);
  const source = new CustomAudioSource(RATE, channels);
  play(source);
  await ada.addCustomAudioTrack('song', new CustomAudioTrack(source));
  if (sendSettings !== undefined) await ada.updatePublishing({ customAudio: { song: { sendSettings } } });
  const frames: AudioFrame[] = [];
  await ada.join(server.roomUrl(room));
  const id = ada.participants().local.id;
  grace.setAudioRenderer(id, (_, frame) => frames.push(frame), { audioSource: 'song', sampleRate: RATE });
  await grace.join(server.roomUrl(room));
  await until(() => frames.length > 50);
  return { ada, grace, id, frames };
}

/** Bits per second of sound, over the next `packets`. */
async function bitrate(client: CallClient, packets = 60): Promise<number> {
  const before = await client.networkStats();
  let after = before;
  await until(async () => {
    after = await client.networkStats();
    return after.packetsSent - before.packetsSent >= packets;
  });
  return (8 * (after.bytesSent - before.bytesSent)) / ((after.packetsSent - before.packetsSent) * PACKET);
}

/** Waits until 1.2 s of sound lie within 15 %: an encoder that was just changed, or a machine that stood still, takes one more. */
const keeps = (client: CallClient, expected: number) =>
  until(async () => Math.abs((await bitrate(client)) - expected) <= 0.15 * expected, 20_000);

/** Amplitudes of 500 and 900 Hz on a side, of the last 400 ms. */
function tones(frames: readonly AudioFrame[], side: 'left' | 'right'): { low: number; high: number } {
  const last = frames.slice(-20);
  const samples = Int16Array.from(
    last.flatMap(({ samples, channels }) =>
      [...samples].filter((_, n) => n % channels === (side === 'left' ? 0 : channels - 1)),
    ),
  );
  return { low: measureTone(samples, RATE, 500).amplitude, high: measureTone(samples, RATE, 900).amplitude };
}

test.each<[AudioSendOptions, channels: number, bits: number]>([
  ['speech', 1, 32_000],
  ['music', 2, 128_000],
  [{ channelConfig: 'stereo', bitrate: 96_000 }, 2, 96_000],
  [{ bitrate: 24_000 }, 1, 24_000],
])('%o keeps its bit rate', async (settings, channels, bits) => {
  const { ada } = await perform('bits', channels, settings);
  await keeps(ada, bits);
});

test('settings that change in the call are heard: mono, stereo, mono, at their bit rates', async () => {
  const { ada, frames } = await perform('changes', 2, 'speech');
  await keeps(ada, 32_000);
  expect(frames.at(-1)!.channels).toBe(1);

  await ada.updatePublishing({ customAudio: { song: { sendSettings: 'music' } } });
  await until(() => frames.slice(-30).every(({ channels }) => channels === 2));
  await keeps(ada, 128_000);
  const [left, right] = [tones(frames, 'left'), tones(frames, 'right')];
  // 26 dB between what belongs to a side and what does not.
  expect(left.low).toBeGreaterThan(left.high + 26);
  expect(right.high).toBeGreaterThan(right.low + 26);

  await ada.updatePublishing({ customAudio: { song: { sendSettings: { channelConfig: 'mono', bitrate: 48_000 } } } });
  await until(() => frames.slice(-30).every(({ channels }) => channels === 1));
  await keeps(ada, 48_000);
  const both = tones(frames, 'left');
  expect(Math.abs(both.low - both.high)).toBeLessThan(3);
  expect(frames.slice(1).filter(({ gap }) => gap !== undefined)).toEqual([]);
}, 60_000);

test('right after updateInputs, and both at once', async () => {
  const { ada, grace, id } = await perform('at-once', 1);
  const source = new CustomAudioSource(RATE, 1);
  play(source);
  const track = new CustomAudioTrack(source);
  const inputs = ada.updateInputs({ microphone: { isEnabled: true, settings: { customTrack: { id: track.id } } } });
  const publishing = ada.updatePublishing({
    microphone: { sendSettings: { bitrate: 64_000 } },
    customAudio: { song: false },
  });
  await Promise.all([inputs, publishing]);
  await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
  await until(() => grace.participants()[id]?.media.customAudio.song === undefined);
  await keeps(ada, 64_000);
  expect(ada.publishing()).toMatchObject({
    microphone: { isPublishing: true, sendSettings: { bitrate: 64_000 } },
    customAudio: { song: { isPublishing: false } },
  });
});
