import { VirtualClock } from '@sluice/core/testing';
import { defaultPermissions } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../test/fakes/fake-session.ts';
import type { RoomNews } from '../room/driver.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { CallClient } from './call-client.ts';
import { type CallEvents, callEventNames } from './call-events.ts';

const url = 'fake://host/room';
const status = { streamId: 'main', recordingId: 'r', startedBy: null };
const transcription = { instanceId: 'i', transcriptId: 't', startedBy: null };

let session: FakeSession;
let unregister: () => void;
let client: CallClient;
let told: [name: string, data: unknown][];

beforeEach(() => {
  session = new FakeSession();
  unregister = registerRoomDriver({
    name: 'fake',
    schemes: ['fake:'],
    capabilities: [],
    join: async () => session,
  });
  client = new CallClient({ devices: noDevices, clock: new VirtualClock() });
  told = [];
});
afterEach(async () => {
  unregister();
  await client[Symbol.asyncDispose]();
});

function listen(...names: readonly (keyof CallEvents)[]): void {
  for (const name of names) client.on(name, (data) => told.push([name, data]));
}

const news = (one: RoomNews) => session.events.emit('news', one);

test('what runs already is told when the call is joined', async () => {
  session.recordings = [status];
  session.transcriptions = [transcription];
  listen('recording-started', 'transcription-started');
  await client.join(url);
  expect(told).toEqual([
    ['recording-started', { status }],
    ['transcription-started', { status: transcription }],
  ]);
});

test('each thing that a room tells is an event', async () => {
  await client.join(url);
  listen(...callEventNames);
  const message = { participantId: 'ada', text: 'hello', timestamp: 'now', trackType: 'microphone', isFinal: true };
  news({ type: 'app-message', from: 'ada', data: { a: 1 } });
  news({ type: 'chat', from: 'ada', userName: 'Ada', text: 'hi', at: 'now' });
  news({ type: 'dtmf', from: 'ada', tone: '5', durationMs: 100 });
  news({ type: 'recording-started', status });
  news({ type: 'recording-updated', status });
  news({ type: 'recording-stopped', streamId: 'main' });
  news({ type: 'recording-error', streamId: 'main', message: 'full' });
  news({ type: 'transcription-started', status: transcription });
  news({ type: 'transcription-updated', status: { ...transcription, participants: ['ada'] }, updatedBy: 'ada' });
  news({ type: 'transcription-updated', status: transcription, updatedBy: null });
  news({ type: 'transcription-stopped', instanceId: 'i', updatedBy: 'ada', stoppedByError: false });
  news({ type: 'transcription-error', instanceId: 'i', message: 'deaf' });
  news({ type: 'transcription-message', message });
  expect(told).toEqual([
    ['app-message', { message: { a: 1 }, from: 'ada' }],
    ['chat-message', { from: 'ada', userName: 'Ada', text: 'hi', at: 'now' }],
    ['dtmf-event', { sessionId: 'ada', tone: '5', durationMs: 100 }],
    ['recording-started', { status }],
    ['recording-updated', { status }],
    ['recording-stopped', { streamId: 'main' }],
    ['recording-error', { streamId: 'main', message: 'full' }],
    ['transcription-started', { status: transcription }],
    ['transcription-updated', { participants: ['ada'], instanceId: 'i', updatedBy: 'ada' }],
    ['transcription-updated', { participants: null, instanceId: 'i', updatedBy: null }],
    ['transcription-stopped', { instanceId: 'i', updatedBy: 'ada', stoppedByError: false }],
    ['transcription-error', { instanceId: 'i', message: 'deaf' }],
    ['transcription-message', message],
  ]);
});

test('inputs that somebody turns off are off, and only those are turned on again by somebody', async () => {
  await client.join(url, { clientSettings: { inputs: { microphone: true, screenVideo: true } } });
  listen('inputs-updated', 'inputs-requested');
  const isOn = () => Object.entries(client.inputs()).flatMap(([name, { isEnabled }]) => (isEnabled ? [name] : []));
  const ask = (inputs: { microphone?: boolean; camera?: boolean; screenShare?: boolean }) => {
    told.length = 0;
    news({ type: 'inputs-asked', by: 'ada', inputs });
    return told.map(([name, data]) => (name === 'inputs-requested' ? data : name));
  };
  expect(ask({ microphone: false, screenShare: false, camera: false })).toEqual(['inputs-updated']);
  expect(isOn()).toEqual([]);
  // The camera was never on: that is for the application to decide.
  expect(ask({ microphone: true, camera: true })).toEqual(['inputs-updated', { by: 'ada', inputs: { camera: true } }]);
  expect(isOn()).toEqual(['microphone']);
  expect(ask({ microphone: true })).toEqual([]);
  expect(ask({ screenShare: true })).toEqual(['inputs-updated']);
  expect(isOn()).toEqual(['microphone', 'screenVideo']);
  // Who turned it off meanwhile is not overruled.
  ask({ microphone: false });
  await client.updateInputs({ microphone: true });
  await client.updateInputs({ microphone: false });
  expect(ask({ microphone: true })).toEqual([{ by: 'ada', inputs: { microphone: true } }]);
  // Nor is it remembered in the next call.
  await client.updateInputs({ microphone: true });
  ask({ microphone: false });
  await client.leave();
  await client.join(url);
  expect(ask({ microphone: true })).toEqual([{ by: 'ada', inputs: { microphone: true } }]);
});

test('getters say why a track is off, and change with the permissions of both sides', async () => {
  session.participants.set('ada', person('ada'));
  await client.join(url);
  listen('participant-updated');
  const reasons = () => client.participants().ada?.media.microphone.offReasons;
  const seen: unknown[] = [];
  client.on('participant-updated', ({ participant }) => {
    seen.push(participant.id);
    const now = participant.info.isLocal ? client.participants().local : client.participants()[participant.id];
    expect(participant).toEqual(now);
  });
  expect(reasons()).toEqual([]);
  session.set(person('ada', { permissions: { ...defaultPermissions, canSend: ['camera'] } }));
  expect(reasons()).toEqual(['sendPermission']);
  expect(client.participants().ada?.media.microphone.state).toBe('off');
  const off = [{ name: 'microphone', enabled: false, ignoreLevel: false }];
  session.set(person('ada', { tracks: off, mutedRemotely: ['microphone'] }));
  expect(reasons()).toEqual(['remoteMute']);
  session.set(person('ada', { tracks: off }));
  expect(reasons()).toEqual(['user']);
  session.set(person('ada'));
  const canReceive = { base: true, byUserId: {}, byParticipantId: { ada: { audio: false } } };
  session.setLocal({ permissions: { ...defaultPermissions, canReceive } });
  expect(reasons()).toEqual(['receivePermission']);
  expect(client.participants().ada?.media.camera.offReasons).toEqual(['user']);
  expect(seen).toEqual(['ada', 'ada', 'ada', 'ada', 'me', 'ada']);
  session.setLocal({ permissions: { ...defaultPermissions, canSend: [] }, userData: { job: 'bot' } });
  expect(client.participants().local).toMatchObject({
    info: { userData: { job: 'bot' }, permissions: { canSend: [] } },
    media: { microphone: { state: 'off', offReasons: ['sendPermission'] } },
  });
});

test('names and data of before are those of the call', async () => {
  client.setUserName('Ada');
  client.setUserData({ job: 'bot' });
  expect(client.participants().local.info).toMatchObject({ userName: 'Ada', userData: { job: 'bot' } });
  for (const data of [null, undefined, 1n]) expect(() => client.setUserData(data)).toThrow(TypeError);
  expect(() => client.setUserData('x'.repeat(5_000))).toThrow(RangeError);
  expect(() => client.setUserName('a\nb')).toThrow(TypeError);
  await expect(client.join(url, { userName: 'x'.repeat(600) })).rejects.toBeInstanceOf(TypeError);
  expect(client.callState).toBe('initialized');
});
