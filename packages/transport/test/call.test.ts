import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { registerRoomDriver } from '../src/room/driver.ts';
import { embeddedRoomDriver } from '../src/room/embedded/embedded-driver.ts';
import { type RoomServer, startRoomServer } from '../src/room/room-server.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: RoomServer;
let devices: TestDevices;
const clients: CallClient[] = [];
const faults: Error[] = [];

registerRoomDriver(embeddedRoomDriver);

beforeEach(async () => {
  server = await startRoomServer();
  devices = createTestDevices();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client[Symbol.asyncDispose]();
  await devices.close();
  await server.close();
  expect(faults.splice(0)).toEqual([]);
});

const create = () => {
  const client = new CallClient({ devices });
  client.on('error', ({ error }) => faults.push(error));
  clients.push(client);
  return client;
};
const mic = (deviceId: string) => ({
  clientSettings: { inputs: { microphone: { isEnabled: true, settings: { deviceId } } } },
});

test('two clients hear each other', async () => {
  const ada = create();
  const grace = create();
  const url = server.roomUrl('hello');
  await ada.join(url, mic('tone-440'));
  const { participants } = await grace.join(url, mic('tone-880'));
  const adaId = ada.participants().local.id;
  expect(Object.keys(participants)).toContain(adaId);
  let heardByGrace = 0;
  let heardByAda = 0;
  grace.setAudioRenderer(adaId, (_, frame) => {
    heardByGrace += frame.length;
  });
  ada.setAudioRenderer(participants.local.id, (_, frame) => {
    heardByAda += frame.length;
  });
  await until(() => heardByAda > 16_000 && heardByGrace > 16_000);
  expect(grace.participants()[adaId]?.media.microphone.state).toBe('playable');
  await until(() => ada.activeSpeaker() !== null);
});
