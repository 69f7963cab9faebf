import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import type { AudioRendererCallback } from '../src/call/receive/audio-renderer.ts';
import type { VideoRendererCallback } from '../src/call/receive/video-renderers.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: RoomServer;
let devices: TestDevices;
let rooms = 0;

beforeEach(async () => {
  server = await startRoomServer();
  devices = createTestDevices();
});
afterEach(async () => {
  await devices.close();
  await server.close();
});

const loud = (samples: Int16Array) => samples.some((sample) => sample > 3_000);

test.each(['unsubscribed', 'staged'] as const)('what is %s sends nothing until it is subscribed', async (state) => {
  const url = server.roomUrl(`staged-${++rooms}`);
  await using ada = new CallClient({ devices });
  await using grace = new CallClient({ devices });
  await grace.updateSubscriptionProfiles({ base: { microphone: state } });
  const microphone = { isEnabled: true, settings: { deviceId: 'tone-440' } };
  await ada.join(url, { clientSettings: { inputs: { microphone } } });
  await grace.join(url);
  const id = ada.participants().local.id;
  let sounds = 0;
  grace.setAudioRenderer(id, (_, { samples }) => {
    if (loud(samples)) sounds++;
  });
  await wait(1_000);
  expect(sounds).toBe(0);
  expect(grace.participants()[id]?.media.microphone).toMatchObject({ subscribed: state, state: 'receivable' });
  // Staged: the connection stands, and carries no media.
  const { packetsReceived, connections } = await grace.networkStats();
  expect([packetsReceived, connections]).toEqual([0, state === 'staged' ? 1 : 0]);
  await grace.updateSubscriptionProfiles({ base: { microphone: 'subscribed' } });
  expect(grace.participants()[id]?.media.microphone.subscribed).toBe('subscribed');
  await until(() => sounds > 0);
  // And back: it falls silent, and the connection stays.
  await grace.updateSubscriptionProfiles({ base: { microphone: 'staged' } });
  await wait(200);
  const before = (await grace.networkStats()).packetsReceived;
  await wait(400);
  const after = await grace.networkStats();
  expect([after.packetsReceived, after.connections]).toEqual([before, 1]);
});

test('a staged track of two channels is heard in two', async () => {
  Daily.init({ mediaHost: 'in-process' });
  try {
    const url = server.roomUrl('staged-stereo');
    const source = new CustomAudioSource(48_000, 2);
    await using ada = new CallClient();
    await using grace = new CallClient();
    await grace.updateSubscriptionProfiles({ base: { customAudio: { '*': 'staged' } } });
    await ada.addCustomAudioTrack('music', new CustomAudioTrack(source));
    await ada.join(url);
    await grace.join(url);
    await wait(500);
    const id = ada.participants().local.id;
    let left = 0;
    let right = 0;
    const take: AudioRendererCallback = (_, { samples, channels }) => {
      for (let n = 0; n < samples.length; n += channels) {
        left = Math.max(left, samples[n]!);
        right = Math.max(right, samples[n + channels - 1]!);
      }
    };
    grace.setAudioRenderer(id, take, { audioSource: 'music' });
    await grace.updateSubscriptionProfiles({ base: { customAudio: { '*': 'subscribed' } } });
    const onTheLeft = new Int16Array(9_600);
    for (let n = 0; n < 4_800; n++) onTheLeft[2 * n] = 12_000 * Math.sin((2 * Math.PI * 500 * n) / 48_000);
    await until(async () => {
      await source.writeFrames(onTheLeft);
      return left > 8_000;
    });
    expect(right).toBeLessThan(2_000);
  } finally {
    await Daily.deinit();
  }
});

test('a staged camera sends no picture, and shows the last one at once when it is subscribed', async () => {
  Daily.init({ mediaHost: 'in-process' });
  try {
    const url = server.roomUrl('staged-camera');
    const size = { width: 320, height: 240, colorFormat: 'I420' } as const;
    Daily.createCameraDevice('eye', size).writeFrame(new Uint8Array(320 * 240 * 1.5).fill(90));
    await using ada = new CallClient();
    await using grace = new CallClient();
    await grace.updateSubscriptionProfiles({ base: { camera: { subscriptionState: 'staged' } } });
    await ada.join(url, { clientSettings: { inputs: { camera: true } } });
    const id = ada.participants().local.id;
    let pictures = 0;
    const count: VideoRendererCallback = (_, frame) => {
      pictures++;
      frame.close();
    };
    grace.setVideoRenderer(id, count, { colorFormat: 'I420' });
    await grace.join(url);
    await until(async () => (await grace.networkStats()).connections === 1);
    await wait(1_000);
    expect([pictures, (await grace.networkStats()).packetsReceived]).toEqual([0, 0]);
    expect(grace.participants()[id]?.media.camera.subscribed).toBe('staged');
    await grace.updateSubscriptions({ [id]: { media: { camera: 'subscribed' } } });
    await until(() => pictures > 0);
    await grace.updateSubscriptions({ [id]: { media: { camera: 'staged' } } });
    await until(async () => {
      const before = (await grace.networkStats()).packetsReceived;
      await wait(400);
      return (await grace.networkStats()).packetsReceived === before;
    });
  } finally {
    await Daily.deinit();
  }
});
