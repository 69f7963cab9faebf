import { SluiceError } from '@sluice/core';
import { VirtualClock } from '@sluice/core/testing';
import { defaultPermissions, limits } from '@sluice/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../../test/fakes/fake-session.ts';
import type { RoomDriver, RoomJoin } from '../../room/driver.ts';
import { registerRoomDriver } from '../../room/driver-registry.ts';
import { CallClient } from '../call-client.ts';
import type { callEventNames } from '../call-events.ts';

const ADA = '00000000-0000-4000-8000-00000000000a';
const GRACE = '00000000-0000-4000-8000-00000000000b';
const url = 'fake://host/room';

let clock: VirtualClock;
let session: FakeSession;
let capabilities: RoomDriver['capabilities'];
let enter: (join: RoomJoin) => Promise<FakeSession>;
let unregister: () => void;
let client: CallClient;
let told: unknown[];

beforeEach(() => {
  clock = new VirtualClock();
  session = new FakeSession();
  capabilities = ['app-messages', 'chat', 'permissions', 'eject', 'admission', 'dtmf', 'recording', 'transcription'];
  enter = async () => session;
  unregister = registerRoomDriver({
    name: 'fake',
    schemes: ['fake:'],
    get capabilities() {
      return capabilities;
    },
    join: (join) => enter(join),
  });
  client = new CallClient({ devices: noDevices, clock });
  told = [];
});
afterEach(async () => {
  unregister();
  if (client.callState !== 'initialized') await client.leave().catch(() => {});
});

function listen(...names: (typeof callEventNames)[number][]): void {
  for (const name of names) client.on(name, (data) => told.push([name, data]));
}

test('messages that are said before joining wait for it, in order, and those said while it happens come after', async () => {
  client.on('call-state-updated', ({ state }) => {
    if (state === 'joined') void client.sendAppMessage(3);
  });
  const early = [
    client.sendAppMessage(1),
    client.sendAppMessage({ two: [2] }, ADA),
    client.sendPrebuiltChatMessage('hi'),
  ];
  await client.join(url);
  await Promise.all(early);
  await client.sendAppMessage(4);
  expect(session.asked).toEqual([
    { ask: 'app-message', data: 1 },
    { ask: 'app-message', to: ADA, data: { two: [2] } },
    { ask: 'chat', text: 'hi' },
    { ask: 'app-message', data: 3 },
    { ask: 'app-message', data: 4 },
  ]);
});

test('a message is what it was when it was sent', async () => {
  const message = { text: 'before' };
  const sent = client.sendAppMessage(message);
  message.text = 'after';
  await client.join(url);
  await sent;
  expect(session.asked).toEqual([{ ask: 'app-message', data: { text: 'before' } }]);
});

test('at most 64 messages wait, for a minute, and no longer than the client', async () => {
  const late = expect(client.sendAppMessage('late')).rejects.toMatchObject({ code: 'SLUICE_CALL_TIMEOUT' });
  await clock.advance(60_000);
  await late;
  const waiting = Array.from({ length: 64 }, (_, n) => client.sendAppMessage(n));
  const over = { code: 'SLUICE_CALL_STATE', message: expect.stringContaining('at most 64') };
  await expect(client.sendAppMessage('one more')).rejects.toMatchObject(over);
  const ended = Promise.allSettled(waiting);
  await client.release();
  expect((await ended).map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
    Array(64).fill('SLUICE_CALL_STATE'),
  );
  expect(clock.timers).toBe(0);
});

test('messages that wait fail with the joining', async () => {
  enter = async () => Promise.reject(new SluiceError('SLUICE_JOIN_REFUSED', 'no'));
  const waiting = expect(client.sendAppMessage('hello')).rejects.toMatchObject({ code: 'SLUICE_CALL_STATE' });
  await expect(client.join(url)).rejects.toMatchObject({ code: 'SLUICE_JOIN_REFUSED' });
  await waiting;
});

test('what is no message is refused before it is sent', async () => {
  await client.join(url);
  const circle: Record<string, unknown> = {};
  circle.again = circle;
  for (const message of [null, undefined, () => {}, 1n, circle, Number.NaN])
    await expect(client.sendAppMessage(message)).rejects.toBeInstanceOf(TypeError);
  await expect(client.sendAppMessage('x'.repeat(limits.appMessageBytes))).rejects.toBeInstanceOf(RangeError);
  await client.sendAppMessage('x'.repeat(limits.appMessageBytes - 2));
  await expect(client.sendAppMessage('x', 'Ada')).rejects.toThrow(
    /participantId is not valid; expected a participant id/,
  );
  await expect(client.sendPrebuiltChatMessage('')).rejects.toBeInstanceOf(RangeError);
  await expect(client.sendPrebuiltChatMessage('a\u0000b')).rejects.toBeInstanceOf(TypeError);
  await expect(client.sendPrebuiltChatMessage('a', 'b\n')).rejects.toThrow(/userName is not valid/);
  expect(session.asked).toHaveLength(1);
});

test('what the room is asked for has the form of the protocol', async () => {
  await client.join(url);
  session.answer = async ({ ask }) => ({
    ...(ask === 'start-recording' && { streamId: 'main' }),
    ...(ask === 'start-transcription' && { instanceId: ADA }),
  });
  const completed: unknown[] = [];
  await client.updateRemoteParticipants({ [ADA]: { inputsEnabled: { microphone: false } } });
  await client.ejectRemoteParticipants([ADA]);
  await client.updatePermissions({ canSend: ['camera'] });
  await client.sendDtmf({ sessionId: ADA, tones: '1#' });
  expect(
    await client.startRecording({ streamingSettings: { layout: { preset: 'grid' } } }, (data, error) =>
      completed.push([data, error]),
    ),
  ).toBe('main');
  await client.updateRecording({ maxDuration: 60 }, { streamId: 'main' });
  await client.stopRecording();
  expect(await client.startTranscription({ language: 'en' }, (error) => completed.push(error))).toBe(ADA);
  await client.updateTranscription({ participants: null });
  await client.stopTranscription({ instanceId: ADA });
  expect(session.asked).toEqual([
    { ask: 'update-participants', updates: { [ADA]: { inputsEnabled: { microphone: false } } } },
    { ask: 'eject', ids: [ADA] },
    { ask: 'update-permissions', permissions: { canSend: ['camera'] } },
    { ask: 'dtmf', to: ADA, tones: '1#', digitDurationMs: 100 },
    { ask: 'start-recording', settings: { layout: { preset: 'grid' } } },
    { ask: 'update-recording', streamId: 'main', settings: { maxDuration: 60 } },
    { ask: 'stop-recording' },
    { ask: 'start-transcription', settings: { language: 'en' } },
    { ask: 'update-transcription', participants: null },
    { ask: 'stop-transcription', instanceId: ADA },
  ]);
  expect(completed).toEqual([['main', null], null]);
});

test('those who wait are told, listed, and let in or turned away', async () => {
  listen('waiting-participant-added', 'waiting-participant-removed');
  const ada = { id: ADA, userName: 'Ada', userId: '' };
  const grace = { id: GRACE, userName: 'Grace', userId: '' };
  session.waiting = [ada];
  await client.join(url);
  session.waiting = [ada, grace];
  session.events.emit('news', { type: 'waiting-updated', waiting: [ada, grace] });
  expect(Object.keys(client.waitingParticipants())).toEqual([ADA, GRACE]);
  await client.updateWaitingParticipants({
    '*': { grantRequestedAccess: true },
    [GRACE]: { grantRequestedAccess: false },
  });
  session.waiting = [];
  session.events.emit('news', { type: 'waiting-updated', waiting: [] });
  expect(session.asked).toEqual([
    { ask: 'admit', ids: [ADA], admit: true },
    { ask: 'admit', ids: [GRACE], admit: false },
  ]);
  expect(told).toEqual([
    ['waiting-participant-added', { participant: ada }],
    ['waiting-participant-added', { participant: grace }],
    ['waiting-participant-removed', { participant: ada }],
    ['waiting-participant-removed', { participant: grace }],
  ]);
});

test('who waits at a door has a time limit of its own, and hears of it', async () => {
  listen('access-state-updated');
  let waiting = () => {};
  enter = ({ onWaiting, signal }) =>
    new Promise((_, reject) => {
      waiting = () => onWaiting?.();
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const joining = client.join(url, { timeoutMs: 1_000, admissionTimeoutMs: 60_000 });
  const refused = expect(joining).rejects.toMatchObject({ code: 'SLUICE_JOIN_NOT_ADMITTED' });
  await clock.advance(900);
  waiting();
  await clock.advance(59_999);
  expect(client.callState).toBe('joining');
  await clock.advance(1);
  await refused;
  expect(client.callState).toBe('left');
  expect(told).toEqual([['access-state-updated', { access: 'lobby' }]]);
});

test('who is removed hears it of itself, then the call is left', async () => {
  await client.join(url);
  listen('participant-left', 'error', 'call-state-updated');
  session.events.emit('lost', new SluiceError('SLUICE_ROOM_REMOVED', 'out'));
  await client.leave();
  expect(told).toMatchObject([
    ['call-state-updated', { state: 'leaving' }],
    ['participant-left', { participant: { id: 'me', info: { isLocal: true } }, leftReason: 'removed' }],
    ['error', { error: { code: 'SLUICE_ROOM_REMOVED' } }],
    ['call-state-updated', { state: 'left' }],
  ]);
});

test('live streams and telephony are refused by what the driver declares', async () => {
  const asks = () => [
    client.startLiveStreamWithEndpoints(['tv']),
    client.startLiveStreamWithRtmpUrls(['rtmp://x']),
    client.stopLiveStream(),
    client.updateLiveStream({}),
    client.addLiveStreamingEndpoints(['tv']),
    client.removeLiveStreamingEndpoints(['tv']),
    client.startDialout({ phoneNumber: '+1' }),
    client.stopDialout(ADA),
    client.sipCallTransfer({}),
    client.sipRefer({}),
  ];
  for (const ask of asks()) await expect(ask).rejects.toMatchObject({ code: 'SLUICE_CALL_STATE' });
  await client.join(url);
  for (const ask of asks()) await expect(ask).rejects.toMatchObject({ code: 'SLUICE_CALL_CAPABILITY' });
  await expect(client.startDialout({ sipUri: 'sip:a@b' })).rejects.toThrow(/capability sip.*gateway that speaks SIP/);
  capabilities = [];
  await client.leave();
  await client.join(url);
  await expect(client.sendAppMessage('hi')).rejects.toMatchObject({ code: 'SLUICE_CALL_CAPABILITY' });
});

test('those who are not shown are counted and not listed; who hides has left, who shows itself joins', async () => {
  listen('participant-joined', 'participant-left', 'participant-counts-updated');
  const hidden = { ...defaultPermissions, hasPresence: false };
  session.participants.set('eye', person('eye', { permissions: hidden }));
  await client.join(url);
  expect(Object.keys(client.participants())).toEqual(['local']);
  expect(client.participantCounts()).toEqual({ present: 1, hidden: 1 });
  session.set(person('eye'));
  expect(client.participants().eye?.info.permissions.hasPresence).toBe(true);
  session.set(person('eye', { permissions: hidden }));
  session.participants.delete('eye');
  session.events.emit('left', { participant: person('eye', { permissions: hidden }), reason: 'left' });
  expect(told).toMatchObject([
    ['participant-counts-updated', { present: 1, hidden: 1 }],
    ['participant-joined', { participant: { id: 'eye' } }],
    ['participant-counts-updated', { present: 2, hidden: 0 }],
    ['participant-left', { participant: { id: 'eye' }, leftReason: 'hidden' }],
    ['participant-counts-updated', { present: 1, hidden: 1 }],
    ['participant-counts-updated', { present: 1, hidden: 0 }],
  ]);
});
