import { readdirSync } from 'node:fs';
import { realClock } from '@sluice/core';
import { ProbeListener, probeSamples } from '@sluice/transport/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { currentDevices } from '../src/devices/registry.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

const RATE = 16_000;
const RESTARTS = 20;
const FRAMES = 11 * 50;
let server: RoomServer;

beforeEach(async () => {
  server = await startRoomServer();
  Daily.init();
});
afterEach(async () => {
  await Daily.deinit();
  await server.close();
});

const descriptors = () => readdirSync(`/proc/${currentDevices().host.pid}/fd`).length;

test.runIf(process.platform === 'linux')(
  'twenty restarts of ICE leave as many descriptors as eight, and a new connection in between is heard for a moment',
  async () => {
    const url = server.roomUrl('worn');
    const clients = [new CallClient(), new CallClient()];
    for (const client of clients) await client.join(url);
    const ids = clients.map((client) => client.participants().local.id);
    // The smaller id makes the offers that restart.
    const [first, second] = ids[0]! < ids[1]! ? clients : clients.toReversed();
    const source = new CustomAudioSource(RATE, 1);
    await first!.addCustomAudioTrack('probe', new CustomAudioTrack(source));
    const listener = new ProbeListener();
    second!.setAudioRenderer(
      first!.participants().local.id,
      (_, frame) => {
        listener.push(frame.samples, frame, realClock.now());
        frame.close();
      },
      { audioSource: 'probe', sampleRate: RATE, callbackIntervalMs: 20 },
    );
    await until(() => listener.heardMs > 300);
    source.write(probeSamples(FRAMES, { sampleRate: RATE }));
    await wait(500);
    const before = descriptors();
    let most = 0;
    for (let n = 0; n < RESTARTS; n++) {
      await first!.setIceConfig({ iceServers: [] });
      await wait(480);
      most = Math.max(most, descriptors());
    }
    await until(() => (listener.arrivals.at(-1)?.index ?? 0) > FRAMES - 10);
    const report = listener.report({ expected: { first: 5, end: FRAMES - 10 } });
    // Of both ends: up to six for each of eight restarts, and what a new connection opens while the old one closes.
    expect(most - before).toBeLessThan(2 * 60);
    expect(report.longestGapMs).toBeLessThan(400);
    // Only where a new connection took the place of the old one is anything missing.
    expect(report.gaps.length).toBeLessThanOrEqual(2);
    for (const client of clients) await client.leave();
  },
);
