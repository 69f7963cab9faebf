import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { type CallEvents, callEventNames } from '../src/call/call-events.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { startPeer } from './peers/remote-peer.ts';
import { createTestDevices, type TestDevices } from './peers/test-devices.ts';
import { until } from './until.ts';

let server: RoomServer;
let devices: TestDevices;
let ada: CallClient;
let grace: CallClient;

beforeEach(async () => {
  server = await startRoomServer();
  devices = createTestDevices();
  ada = new CallClient({ devices });
  grace = new CallClient({ devices });
});
afterEach(async () => {
  await ada[Symbol.asyncDispose]();
  await grace[Symbol.asyncDispose]();
  await devices.close();
  await server.close();
});

const nothing = Object.fromEntries(callEventNames.map((name) => [name, 0])) as Record<keyof CallEvents, number>;

/** Counts what a client emits, by name. `take` gives what came since it was taken last. */
function count(client: CallClient) {
  const counts = { ...nothing };
  for (const name of callEventNames) client.on(name, () => counts[name]++);
  return {
    take() {
      const { 'network-stats-updated': _, ...taken } = counts;
      Object.assign(counts, nothing);
      return Object.fromEntries(Object.entries(taken).filter(([, times]) => times > 0));
    },
  };
}

const microphone = { isEnabled: true, settings: { deviceId: 'tone-440' } };

test('each event comes once for each change, and never without one', async () => {
  const [ofAda, ofGrace] = [count(ada), count(grace)];
  const url = server.roomUrl('events');
  await ada.join(url, { clientSettings: { inputs: { microphone } } });
  await grace.join(url);
  const id = ada.participants().local.id;
  const state = () => grace.participants()[id]?.media.microphone.state;
  const settled = async (wanted: string) => {
    await until(() => state() === wanted);
    await wait(600);
  };
  await settled('playable');
  await until(() => grace.activeSpeaker()?.id === id && ada.activeSpeaker()?.id === id);
  await wait(600);
  expect(ofAda.take()).toEqual({
    'call-state-updated': 2,
    'inputs-updated': 1,
    'participant-joined': 1,
    'participant-counts-updated': 2,
    'active-speaker-changed': 1,
  });
  expect(ofGrace.take()).toEqual({
    'call-state-updated': 2,
    'participant-joined': 1,
    'participant-counts-updated': 1,
    // Wanted, then heard.
    'participant-updated': 2,
    'active-speaker-changed': 1,
  });

  await ada.updateInputs({ microphone: false });
  await settled('off');
  await wait(1_000);
  expect(ofAda.take()).toEqual({ 'inputs-updated': 1, 'participant-updated': 1 });
  expect(ofGrace.take()).toEqual({ 'participant-updated': 1 });

  await ada.updateInputs({ microphone: true });
  await settled('playable');
  expect(ofAda.take()).toEqual({ 'inputs-updated': 1, 'participant-updated': 1 });
  expect(ofGrace.take()).toEqual({ 'participant-updated': 2 });

  const unsubscribed = { base: { microphone: 'unsubscribed' } } as const;
  await grace.updateSubscriptionProfiles(unsubscribed);
  await settled('receivable');
  expect(ofGrace.take()).toEqual({ 'subscription-profiles-updated': 1, 'participant-updated': 1 });

  ada.setUserName('Ada');
  await until(() => grace.participants()[id]?.info.userName === 'Ada');
  expect([ofAda.take(), ofGrace.take()]).toEqual([{ 'participant-updated': 1 }, { 'participant-updated': 1 }]);

  // The same again is no change.
  ada.setUserName('Ada');
  await ada.updateInputs({ microphone: true });
  await ada.updatePublishing({ microphone: true });
  await grace.updateSubscriptionProfiles(unsubscribed);
  await grace.updateSubscriptions({});
  await wait(600);
  expect([ofAda.take(), ofGrace.take()]).toEqual([{}, {}]);

  await ada.updatePublishing({ microphone: false });
  await settled('off');
  expect(ofAda.take()).toEqual({ 'publishing-updated': 1, 'participant-updated': 1 });
  expect(ofGrace.take()).toEqual({ 'participant-updated': 1 });

  await ada.leave();
  await until(() => grace.participantCounts().present === 1);
  await wait(300);
  expect(ofAda.take()).toEqual({ 'call-state-updated': 2 });
  expect(ofGrace.take()).toEqual({
    'participant-left': 1,
    'participant-counts-updated': 1,
    'active-speaker-changed': 1,
  });
  expect(grace.activeSpeaker()).toBe(null);
});

test('a muted far side is no bad network, and what was long ago is not of now', async () => {
  const url = server.roomUrl('muted');
  await ada.join(url, { clientSettings: { inputs: { microphone } } });
  await grace.join(url);
  const id = ada.participants().local.id;
  await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
  const told: number[] = [];
  grace.on('network-stats-updated', ({ receivePacketLoss }) => told.push(receivePacketLoss));
  await ada.updateInputs({ microphone: false });
  await wait(3_500);
  const muted = await grace.networkStats();
  expect(muted.intervalMs).toBeGreaterThanOrEqual(1_000);
  expect(muted.concealment).toBeLessThan(0.05);
  await ada.updateInputs({ microphone: true });
  await wait(4_500);
  const again = await grace.networkStats();
  // A busy machine loses a little.
  expect(again.concealment).toBeLessThan(0.1);
  expect(again.total.concealment).toBeLessThan(0.2);
  expect(again.receiveBitsPerSecond).toBeGreaterThan(8_000);
  // By itself every two seconds, and twice because we asked.
  expect(told.length).toBeGreaterThanOrEqual(5);
});

test('a muted far side whose process is killed is missed within 1.5 s', async () => {
  const url = server.roomUrl('killed');
  const peer = await startPeer();
  await grace.join(url);
  const id = await peer.call('join', url, 'tone-440');
  const microphone = () => grace.participants()[id]?.media.microphone.state;
  await until(() => microphone() === 'playable');
  await peer.call('microphone', false);
  await until(() => microphone() === 'off');
  await wait(2_000);
  const told: string[] = [];
  const killed = performance.now();
  grace.on('network-connection', ({ kind, state }) => told.push(`${kind} ${state}`));
  await peer.stop();
  await until(() => told.length > 0);
  expect(told).toEqual(['media interrupted']);
  // A timer of ours and a busy machine come on top.
  expect(performance.now() - killed).toBeLessThan(2_500);
});
