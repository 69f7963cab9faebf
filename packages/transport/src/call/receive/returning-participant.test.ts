import { videoByteLength } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../../test/fakes/fake-session.ts';
import { registerRoomDriver } from '../../room/driver-registry.ts';
import { CallClient } from '../call-client.ts';

let session: FakeSession;
let client: CallClient;
let unregister: () => void;
let heard: number;
let seen: number;

beforeEach(async () => {
  session = new FakeSession();
  unregister = registerRoomDriver({ name: 'fake', schemes: ['fake:'], capabilities: [], join: async () => session });
  client = new CallClient({ devices: noDevices, clock: new VirtualClock() });
  await client.join('fake://host/room');
  session.set(person('ada'));
  [heard, seen] = [0, 0];
  client.setAudioRenderer('ada', () => heard++);
  client.setVideoRenderer('ada', () => seen++);
});
afterEach(() => unregister());

function goes(reason: 'left' | 'lost'): void {
  session.participants.delete('ada');
  session.events.emit('left', { participant: person('ada'), reason });
}

function speaks(): void {
  const samples = new Int16Array(2_880);
  session.events.emit('audio', { participantId: 'ada', name: 'microphone', samples, sampleRate: 48_000, channels: 1 });
  const data = new Uint8Array(videoByteLength({ width: 2, height: 2, format: 'I420' }));
  session.events.emit('video', { participantId: 'ada', name: 'camera', picture: { width: 2, height: 2, data } });
}

test('renderers of one whose connection was lost hear and see it when it is back, and its pictures are asked for', () => {
  goes('lost');
  expect(session.watched.slice(-2)).toEqual(['ada camera false', 'ada camera true']);
  session.set(person('ada'));
  speaks();
  expect([heard > 0, seen]).toEqual([true, 1]);
});

test('those of one who left are over', () => {
  goes('left');
  session.set(person('ada'));
  speaks();
  expect([heard, seen]).toEqual([0, 0]);
});

test('one that was taken back meanwhile is not heard again', () => {
  const cancel = client.setAudioRenderer('ada', () => heard++);
  goes('lost');
  cancel();
  session.set(person('ada'));
  speaks();
  expect(heard).toBe(0);
});
