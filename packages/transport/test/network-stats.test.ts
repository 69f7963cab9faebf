import { impair } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

test('loss one way is received loss there and sent loss here, in both shapes; the other way is good', async () => {
  Daily.createMicrophoneDevice('mic');
  const camera = Daily.createCameraDevice('eye', { width: 320, height: 240, colorFormat: 'I420' });
  await using ada = new CallClient();
  await using grace = new CallClient();
  using path = await impair(ada, { seed: 5 });
  const url = server.roomUrl('losses');
  await ada.join(url, { clientSettings: { inputs: { microphone: true, camera: true } } });
  await grace.join(url, { clientSettings: { inputs: { microphone: true } } });
  let pictures = 0;
  grace.setVideoRenderer(
    ada.participants().local.id,
    (_, frame) => {
      pictures++;
      frame.close();
    },
    { colorFormat: 'I420' },
  );
  let shade = 0;
  const timer = setInterval(() => camera.writeFrame(new Uint8Array(320 * 240 * 1.5).fill(shade++ % 256)), 66);
  try {
    await until(() => pictures > 5 && ada.getNetworkStats().connections === 1);
    expect(ada.getNetworkStats()).toMatchObject({ threshold: 'good', previousThreshold: 'good' });
    path.set({ exactLoss: { lost: 15, of: 50 } }, 'outgoing');
    await until(
      () => ada.getNetworkStats().sendPacketLoss > 0.2 && grace.getNetworkStats().receivePacketLoss > 0.2,
      20_000,
    );
    const [sent, got] = [ada.getNetworkStats(), grace.getNetworkStats()];
    for (const { threshold, quality } of [sent, got]) {
      expect(threshold).not.toBe('good');
      expect(quality).toBeLessThan(50);
    }
    expect(sent.receivePacketLoss).toBeLessThan(0.1);
    expect(got.stats.latest.totalRecvPacketLoss).toBe(got.receivePacketLoss);
    await until(() => ada.getNetworkStats().stats.worstVideoSendPacketLoss > 0.1, 20_000);
    await until(() => grace.getNetworkStats().stats.worstVideoReceivePacketLoss > 0.1, 20_000);
    expect(grace.getNetworkStats().concealment).toBeGreaterThan(0);
    path.set({});
    await until(() => ada.getNetworkStats().quality > 90 && grace.getNetworkStats().quality > 90, 30_000);
    const { latest } = grace.getNetworkStats().stats;
    expect(latest.videoRecvBitsPerSecond).toBeGreaterThan(0);
    expect(latest.receiveBitsPerSecond).toBeGreaterThan(latest.videoRecvBitsPerSecond);
    expect(grace.getNetworkStats().stats.worstVideoReceivePacketLoss).toBeGreaterThan(0.1);
  } finally {
    clearInterval(timer);
  }
}, 90_000);

test('a side that is muted has a good network, and outside a call there is none', async () => {
  Daily.createMicrophoneDevice('mic');
  await using ada = new CallClient();
  await using grace = new CallClient();
  expect(ada.getNetworkStats()).toMatchObject({ connections: 0, quality: 100, threshold: 'good' });
  const url = server.roomUrl('muted-losses');
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  await until(() => grace.getNetworkStats().receiveBitsPerSecond > 0);
  await ada.updateInputs({ microphone: false });
  await until(
    () => ada.getNetworkStats().sendBitsPerSecond === 0 && grace.getNetworkStats().receiveBitsPerSecond === 0,
    20_000,
  );
  const worst: number[] = [];
  for (const client of [ada, grace]) client.on('network-stats-updated', ({ quality }) => worst.push(quality));
  await wait(5_000);
  expect(worst.length).toBeGreaterThan(2);
  expect(Math.min(...worst)).toBe(100);
}, 40_000);
