import { videoFramePool } from '@sluice/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { coloured, keepShowing, look, noisy } from './coloured-pictures.ts';
import { until } from './until.ts';

let server: RoomServer;
let stop = () => {};
let openBefore = 0;
beforeEach(async () => {
  openBefore = videoFramePool.stats.openBuffers;
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  stop();
  await Daily.deinit();
  await server.close();
  expect(videoFramePool.stats.openBuffers).toBe(openBefore);
});

test('what publishing says about size, rate and bits is what arrives, also when it changes', async () => {
  const device = Daily.createCameraDevice('cam', { width: 320, height: 240 });
  await using ada = new CallClient();
  await using grace = new CallClient();
  const url = server.roomUrl('rates');
  const high = { maxFramerate: 10, scaleResolutionDownBy: 2 };
  await ada.join(url, {
    clientSettings: {
      inputs: { camera: { isEnabled: true, settings: { deviceId: 'cam' } } },
      publishing: { camera: { sendSettings: { encodings: { high } } } },
    },
  });
  await grace.join(url);
  let picture = () => coloured('green', 320, 240);
  stop = keepShowing(device, () => picture());
  const seen = look(grace, ada.participants().local.id);
  await until(() => seen.sights.length > 5);
  const slow = await seen.during(2_000);
  expect(slow.every(({ width, height }) => width === 160 && height === 120)).toBe(true);
  expect(slow.length).toBeGreaterThan(12);
  expect(slow.length).toBeLessThan(26);

  await ada.updatePublishing({ camera: { sendSettings: { encodings: { high: {} } } } });
  await until(() => seen.last?.width === 320);
  expect((await seen.during(2_000)).length).toBeGreaterThan(30);

  const noise = Array.from({ length: 8 }, () => noisy(320, 240));
  let next = 0;
  picture = () => noise[next++ % 8]!;
  const bitsPerSecond = async () => {
    await seen.during(2_000);
    const [before, start] = [await grace.networkStats(), performance.now()];
    await seen.during(3_000);
    const after = await grace.networkStats();
    return ((after.bytesReceived - before.bytesReceived) * 8_000) / (performance.now() - start);
  };
  expect(await bitsPerSecond()).toBeGreaterThan(400_000);
  await ada.updatePublishing({ camera: { sendSettings: { encodings: { high: { maxBitrate: 150_000 } } } } });
  expect(await bitsPerSecond()).toBeLessThan(250_000);
}, 120_000);
