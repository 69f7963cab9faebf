import { realClock } from '@sluice/core';
import { impair, ProbeListener, probeSamples, writePaced } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';

const sampleRate = 48_000;
let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init({ mediaHost: 'in-process' });
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

/** Plays coded frames on a custom track of an impaired client; `cutAt` cuts for a second at that frame. */
async function play(frames: number, cutAt?: number) {
  await using speaker = new CallClient();
  await using hearer = new CallClient();
  using path = await impair(speaker, { seed: 3 });
  const source = new CustomAudioSource(sampleRate, 1, { autoSilence: true });
  await speaker.join(server.roomUrl('probe'));
  await speaker.addCustomAudioTrack('probe', new CustomAudioTrack(source));
  const listener = new ProbeListener();
  hearer.setAudioRenderer(
    speaker.participants().local.id,
    (_, frame) => {
      listener.push(frame.samples, frame, realClock.now());
      frame.close();
    },
    { audioSource: 'probe', sampleRate, callbackIntervalMs: 10 },
  );
  await hearer.join(server.roomUrl('probe'));
  await vi.waitFor(() => expect(listener.heardMs).toBeGreaterThan(200), 10_000);
  let slices = 0;
  let cut: Promise<void> | undefined;
  const write = (slice: Int16Array) => {
    if (slices++ === 2 * (cutAt ?? -1)) cut = path.cut(1000);
    source.write(slice);
  };
  await writePaced(write, probeSamples(frames, { sampleRate }), sampleRate);
  await cut;
  await vi.waitFor(() => expect(listener.arrivals.at(-1)?.index).toBeGreaterThan(frames - 3), 10_000);
  return listener.report({ expected: { first: 50, end: frames - 2 } });
}

it('hears every frame of a call through a clean relay', async () => {
  const report = await play(250);
  expect(report).toMatchObject({ gaps: [], duplicates: 0, orderErrors: 0 });
});

it('hears a cut of a second as a gap of about that', async () => {
  const report = await play(300, 150);
  expect(report.longestGapMs).toBeGreaterThan(700);
  expect(report.longestGapMs).toBeLessThan(1600);
});
