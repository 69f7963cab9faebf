import { SluiceError } from '@sluice/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EventEmitter } from '../event-emitter.ts';
import type { MediaHost } from '../host/media-host.ts';
import type { RoomJoin, RoomParticipant, RoomSession, RoomSessionEvents } from '../room/driver.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { CallClient } from './call-client.ts';
import type { CallDevices } from './call-devices.ts';

const person = (id: string): RoomParticipant => ({
  id,
  userName: id,
  userId: '',
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [{ name: 'microphone', enabled: true, ignoreLevel: false }],
});

/** A session that tells what the test wants. */
class FakeSession implements RoomSession {
  readonly meetingId = 'meeting';
  readonly local = person('me');
  readonly participants = new Map<string, RoomParticipant>();
  readonly events = new EventEmitter<RoomSessionEvents>((error) => {
    throw error;
  });
  readonly subscribed: string[] = [];
  activeSpeaker: string | null = null;
  left = false;

  setUserName = () => {};
  publish = () => {};
  unpublish = () => {};
  subscribe = (id: string, name: string, wanted: boolean) => void this.subscribed.push(`${id} ${name} ${wanted}`);
  trackListeners = () => 'alone' as const;
  trackState = () => 'loading' as const;
  stats = async () => [];
  on = <K extends keyof RoomSessionEvents>(event: K, listener: (data: RoomSessionEvents[K]) => void) =>
    this.events.on(event, listener);
  leave = async () => {
    this.left = true;
  };
}

const devices = {
  host: { onDown: () => () => {} } as unknown as MediaHost,
  microphones: [],
  speakers: { open: () => ({ push: () => {}, close: () => {} }) },
} as unknown as CallDevices;

let session: FakeSession;
let room: RoomJoin;
let unregister: () => void;
let client: CallClient;
let told: string[];

beforeEach(async () => {
  session = new FakeSession();
  session.participants.set('ada', person('ada'));
  unregister = registerRoomDriver({
    name: 'fake',
    schemes: ['fake:'],
    join: async (join) => {
      room = join;
      return session;
    },
  });
  client = new CallClient({ devices });
  told = [];
  client.on('error', ({ error }) => told.push(error.code));
  client.on('call-state-updated', ({ state }) => told.push(state));
  client.on('participant-joined', ({ participant }) => told.push(`joined ${participant.id}`));
  client.on('participant-left', ({ participant, leftReason }) => told.push(`left ${participant.id} ${leftReason}`));
  await client.updateSubscriptionProfiles({ base: { microphone: 'unsubscribed' } });
  await client.join('fake://host/room');
});
afterEach(async () => {
  unregister();
  await client[Symbol.asyncDispose]();
});

test('profiles that were set before joining hold from the first participant on', () => {
  expect(told).toEqual(['joining', 'joined', 'joined ada']);
  expect(session.subscribed).toEqual(['ada microphone false']);
  expect(client.participants().ada?.media.microphone.subscribed).toBe('unsubscribed');
});

test('a subscription for one participant', async () => {
  await client.updateSubscriptions({ ada: { media: { microphone: 'subscribed' } } });
  expect(session.subscribed.at(-1)).toBe('ada microphone true');
});

test('a fault of a connection is told and ends nothing', () => {
  room.report(new Error('odd'));
  expect(told.at(-1)).toBe('SLUICE_CALL_CONNECTION');
  expect(client.callState).toBe('joined');
});

test('a call that is lost is told, left and may be joined again', async () => {
  session.events.emit('lost', new SluiceError('SLUICE_ROOM_LOST', 'gone'));
  expect(client.callState).toBe('leaving');
  await client.leave();
  expect(told.slice(3)).toEqual(['leaving', 'SLUICE_ROOM_LOST', 'left']);
  expect(session.left).toBe(true);
  await client.join('fake://host/room');
});

test('who leaves is told with the reason, and gone from the getters', () => {
  session.participants.delete('ada');
  session.events.emit('left', { participant: person('ada'), reason: 'lost' });
  expect(told.at(-1)).toBe('left ada connectionLost');
  expect(Object.keys(client.participants())).toEqual(['local']);
});

test('a renderer that was set early gets frames, until the call is left', async () => {
  const frames: number[] = [];
  client.setAudioRenderer('ada', (_, { length }) => frames.push(length), { callbackIntervalMs: 10 });
  const audio = () => ({
    participantId: 'ada',
    name: 'microphone',
    samples: new Int16Array(160),
    sampleRate: 16_000,
    channels: 1,
  });
  session.events.emit('audio', audio());
  session.events.emit('audio', { ...audio(), name: 'customAudio.music' });
  expect(frames).toEqual([160]);
  await client.leave();
  await client.join('fake://host/room');
  session.events.emit('audio', audio());
  expect(frames).toEqual([160]);
});

test('leaving twice at once is one leave; leaving outside a call does nothing', async () => {
  await Promise.all([client.leave(), client.leave()]);
  await client.leave();
  expect(told.slice(3)).toEqual(['leaving', 'left']);
});

test('the active speaker may be somebody, oneself, or nobody', () => {
  const speakers: (string | undefined)[] = [];
  client.on('active-speaker-changed', ({ participant }) => speakers.push(participant?.id));
  for (const id of ['ada', 'me', null]) {
    session.activeSpeaker = id;
    session.events.emit('speaker', id);
  }
  expect(speakers).toEqual(['ada', 'me', undefined]);
  expect(client.activeSpeaker()).toBe(null);
});
