import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { impair } from '../src/testing/impair.ts';
import type { ImpairedPath } from '../src/testing/impaired-path.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: RoomServer;
let devices: TestDevices;
let ada: CallClient;
let grace: CallClient;
let path: ImpairedPath;
let changes: string[];
/** When Grace last heard Ada, and Ada Grace. */
let heardAt: { ada: number; grace: number };

beforeEach(async () => {
  server = await startRoomServer();
  devices = createTestDevices();
  ada = new CallClient({ devices });
  grace = new CallClient({ devices });
  path = await impair(ada, { seed: 1 });
  heardAt = { ada: 0, grace: 0 };
  changes = [];
  grace.on('network-connection', (change) => changes.push(`${change.kind} ${change.state}`));
  const microphone = (deviceId: string) => ({
    clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId } } } },
  });
  await ada.join(server.roomUrl('cuts'), microphone('tone-440'));
  await grace.join(server.roomUrl('cuts'), microphone('tone-880'));
  const loud = (samples: Int16Array) => samples.some((sample) => Math.abs(sample) > 3_000);
  grace.setAudioRenderer(
    ada.participants().local.id,
    (_, { samples }) => {
      if (loud(samples)) heardAt.grace = performance.now();
    },
    { callbackIntervalMs: 10 },
  );
  ada.setAudioRenderer(
    grace.participants().local.id,
    (_, { samples }) => {
      if (loud(samples)) heardAt.ada = performance.now();
    },
    { callbackIntervalMs: 10 },
  );
  await until(() => heardAt.ada > 0 && heardAt.grace > 0);
  await until(() => grace.activeSpeaker() !== null);
});
afterEach(async () => {
  await ada.release();
  await grace.release();
  path.close();
  await devices.close();
  await server.close();
});

/** Milliseconds from the return of the link until both hear each other. */
const recovery = async (cutMs: number) => {
  await path.cut(cutMs);
  const back = performance.now();
  const first = { ada: 0, grace: 0 };
  await until(() => {
    if (first.ada === 0 && heardAt.ada > back) first.ada = heardAt.ada - back;
    if (first.grace === 0 && heardAt.grace > back) first.grace = heardAt.grace - back;
    return first.ada > 0 && first.grace > 0;
  }, 20_000);
  return Math.max(first.ada, first.grace);
};

// Cuts of 7 and 12 s are row N6 of the faults.
test.each([1_000, 4_000])(
  'after a cut of %i ms audio is back soon after the link',
  async (cutMs) => {
    expect(await recovery(cutMs)).toBeLessThan(300);
    if (cutMs > 2_000) {
      await until(() => changes.includes('media connected'), 2_000);
      expect(changes).toEqual(['media interrupted', 'media connected']);
    }
  },
  40_000,
);

test('after a cut of 20 s, where the engine alone gives up, audio is back within a second', async () => {
  expect(await recovery(20_000)).toBeLessThan(1_000);
}, 60_000);
