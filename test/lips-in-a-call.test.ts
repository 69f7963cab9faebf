import { graph, syncGroup } from '@sluice/core';
import { fromSyncBeeps, fromTestPattern, readTestPattern } from '@sluice/nodes';
import { CallClient, Daily, startRoomServer, toCamera, toMicrophone } from '@sluice/transport';
import { SkewMeter } from '@sluice/transport/testing';
import { expect, test } from 'vitest';

const size = { width: 320, height: 180, frameRate: 30 };
const pattern = { ...size, duration: 8 };

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

// What a busy machine does to jitter buffers passes: once more then.
test('a flash is seen when its beep is heard on the far side', async () => {
  await using server = await startRoomServer();
  Daily.init();
  try {
    await using ada = new CallClient();
    await using grace = new CallClient();
    const microphone = Daily.createMicrophoneDevice('microphone', { sampleRate: 48_000 });
    const camera = Daily.createCameraDevice('camera', size);
    const inputs = {
      microphone: { isEnabled: true, settings: { deviceId: 'microphone' } },
      camera: { isEnabled: true, settings: { deviceId: 'camera' } },
    };
    const url = server.roomUrl('lips');
    await ada.join(url, { clientSettings: { inputs } });
    const meter = new SkewMeter();
    meter.watch(grace, ada.participants().local.id, readTestPattern);
    await grace.join(url);

    const lips = syncGroup();
    const bot = graph('lips');
    bot.from(fromSyncBeeps({ duration: pattern.duration })).to(lips.master(toMicrophone(microphone)));
    bot.from(fromTestPattern(pattern)).to(lips.follow(toCamera(camera)));
    await bot.run();

    const { shown, dropped, stalls, skewMs } = lips.statistics();
    expect(shown + dropped).toBe(240);
    expect(shown).toBeGreaterThan(200);
    expect(stalls).toBe(0);
    expect(skewMs.p50).toBeLessThan(10);
    // Sound waits in a jitter buffer and pictures do not: they come a little earlier.
    const { flashes, pictures } = meter.report(3);
    expect(flashes.length).toBeGreaterThanOrEqual(4);
    expect(Math.abs(median(flashes))).toBeLessThanOrEqual(80);
    expect(Math.abs(median(pictures))).toBeLessThanOrEqual(80);
  } finally {
    await Daily.deinit();
  }
});
