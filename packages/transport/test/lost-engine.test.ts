import { realClock } from '@sluice/core';
import { PROBE_FRAME_MS, PROBE_PERIOD, ProbeListener, probeSamples } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { currentDevices } from '../src/devices/registry.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

const RATE = 16_000;
const FRAMES = 200;
/** Frames of one write, and before the engine is lost. */
const WRITE = 5;
const LOST_AT = 75;
let server: RoomServer;
let devices: TestDevices;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
  devices = createTestDevices();
});
afterEach(async () => {
  await Daily.deinit();
  await devices.close();
  await server.close();
});

test.each([
  ['dies', 'SIGKILL', 1_000],
  ['hangs', 'SIGSTOP', 2_500],
] as const)(
  'an engine that %s while somebody speaks: the far end misses what the receipts say',
  async (_, signal, backMs) => {
    const url = server.roomUrl('lost');
    // The far end has an engine of its own.
    const [speaker, hearer] = [new CallClient(), new CallClient({ devices })];
    await hearer.join(url);
    await speaker.join(url);
    const source = new CustomAudioSource(RATE, 1);
    await speaker.addCustomAudioTrack('probe', new CustomAudioTrack(source));
    const listener = new ProbeListener();
    hearer.setAudioRenderer(
      speaker.participants().local.id,
      (_id, frame) => {
        listener.push(frame.samples, frame, realClock.now());
        frame.close();
      },
      { audioSource: 'probe', sampleRate: RATE, callbackIntervalMs: 20 },
    );
    await until(() => listener.heardMs > 300);

    let toldMs = 0;
    for (let n = 0; n < FRAMES; n += WRITE) {
      const receipt = source.write(probeSamples(WRITE, { sampleRate: RATE }, n));
      void receipt.finished.then(({ playedMs, interrupted }) => {
        if (interrupted) toldMs += receipt.takenMs - playedMs;
      });
      if (n === LOST_AT) process.kill(currentDevices().host.pid, signal);
      // As a device that is full: the writer waits for the next engine.
      await receipt.accepted;
    }
    const last = (FRAMES - 3) % PROBE_PERIOD;
    await until(
      () => (listener.arrivals.at(-1)?.index ?? 0) % PROBE_PERIOD >= last && listener.arrivals.length > FRAMES / 2,
    );

    const { arrivals } = listener.report();
    const steps = arrivals
      .slice(1)
      .map(({ index, at }, n) => ({ frames: index - arrivals[n]!.index, ms: at - arrivals[n]!.at }));
    const outage = steps.toSorted((a, b) => b.ms - a.ms)[0]!;
    expect(outage.ms).toBeLessThan(backMs);
    // Indexes say no more than their rest, once a pause was longer than half a period.
    const lostMs = ((outage.frames - 1) % PROBE_PERIOD) * PROBE_FRAME_MS;
    // A device holds its capacity of 250 ms, and the write that went beyond it.
    expect(toldMs).toBeGreaterThan(0);
    expect(toldMs).toBeLessThanOrEqual(source.capacityMs + WRITE * PROBE_FRAME_MS + PROBE_FRAME_MS);
    // Beside that only what was in a packet or on its way.
    expect(lostMs - toldMs).toBeGreaterThan(-2 * PROBE_FRAME_MS);
    expect(lostMs - toldMs).toBeLessThan(6 * PROBE_FRAME_MS);
    await speaker.leave();
    await hearer.leave();
  },
);
