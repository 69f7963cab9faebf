import { defaultPermissions, PeerWishes, type RoomParticipantInfo } from '@sluice/protocol';
import { expect, test } from 'vitest';
import type { LocalTrack } from '../driver.ts';
import { EarlyEvents } from '../session/early-events.ts';
import { announced, LocalParticipant } from '../session/local-participant.ts';
import { PeerRights } from './peer-rights.ts';
import { RoomServicesState } from './room-services-state.ts';
import { sentTracks } from './sent-tracks.ts';
import type { Welcome } from './signalling.ts';

const person = (id: string, more: Partial<RoomParticipantInfo> = {}): RoomParticipantInfo => ({
  id,
  userName: id,
  userId: `user-${id}`,
  isOwner: false,
  joinedAt: '2026-01-01T00:00:00.000Z',
  tracks: [],
  permissions: defaultPermissions,
  mutedRemotely: [],
  ...more,
});
const microphone: LocalTrack = { kind: 'audio', source: null, continuous: true, ignoreLevel: false };
const music: LocalTrack = { ...microphone, ignoreLevel: true };
const offered = new Map([
  ['microphone', microphone],
  ['customAudio.music', music],
]);
const sending = (...canSend: RoomParticipantInfo['permissions']['canSend']) => ({ ...defaultPermissions, canSend });
const track = (name: string) => ({ name, enabled: true, continuous: true, ignoreLevel: false });

test('what may not be sent is neither offered nor announced, until it may again', () => {
  const local = new LocalParticipant(person('me', { permissions: sending('microphone') }), offered, () => {});
  const names = () => announced(local.tracks).map(({ name }) => name);
  expect(names()).toEqual(['microphone']);
  local.told(person('me'));
  expect(names()).toEqual(['microphone', 'customAudio.music']);
  local.told(person('me', { permissions: { ...defaultPermissions, hasPresence: false } }));
  expect(names()).toEqual([]);
  expect([local.sends('microphone'), local.tracks.size]).toEqual([false, 0]);
});

test('what the server says late of tracks and data takes nothing back; changes of one moment are told once', async () => {
  const told: RoomParticipantInfo[] = [];
  const local = new LocalParticipant(person('me'), offered, (info) => told.push(info));
  local.say({ tracks: announced(local.tracks) });
  local.say({ userData: { step: 2 } });
  expect(told).toEqual([]);
  await Promise.resolve();
  expect(told).toEqual([local.info]);
  local.told(person('me', { tracks: [track('camera')], userData: { step: 1 }, mutedRemotely: ['camera'] }));
  expect(local.info).toMatchObject({ userData: { step: 2 }, mutedRemotely: ['camera'] });
  expect(local.info.tracks.map(({ name }) => name)).toEqual(['microphone', 'customAudio.music']);
});

test('each side has of the other what permissions allow and what is announced', () => {
  let local = person('me');
  let peer = person('ada', { tracks: [track('microphone')] });
  const rights = new PeerRights(
    () => peer,
    () => local,
  );
  const all = () =>
    ['microphone', 'camera'].map((name) => [rights.isOpen(name), rights.isOn(name), rights.mayHave(name)]);
  expect(all()).toEqual([
    [true, true, true],
    [false, false, true],
  ]);
  const deaf = { base: true, byUserId: { 'user-ada': { audio: false } }, byParticipantId: {} };
  local = person('me', { permissions: { ...defaultPermissions, canReceive: deaf } });
  peer = person('ada', {
    tracks: [track('microphone')],
    permissions: { ...defaultPermissions, canReceive: { base: false, byUserId: {}, byParticipantId: {} } },
  });
  expect(all()).toEqual([
    [false, false, false],
    [false, false, false],
  ]);
});

test('nobody is sent what they may not have, however much they want it', ({ task }) => {
  const wishes = new PeerWishes();
  const link = { from: '0' };
  wishes.subscribe({ kind: 'subscribe', link, tracks: ['microphone'], staged: ['customAudio.music'] });
  const sent = (mayHave: (name: string) => boolean) => [...sentTracks(offered, wishes, mayHave).keys()];
  expect(sent(() => true)).toEqual(['microphone', 'customAudio.music']);
  expect(sent((name) => name !== 'microphone')).toEqual(['customAudio.music']);
  task.meta.measured = [`tracks without both ${sent(() => false).length}`];
  expect(sent(() => false)).toEqual([]);
});

test('what is told before somebody listens is kept where nothing else keeps it', () => {
  const early = new EarlyEvents();
  const message = { type: 'app-message', from: 'ada', data: 1 } as const;
  expect(early.hold('news', message)).toBe(true);
  // A property of the session has it.
  expect(early.hold('news', { type: 'waiting-updated', waiting: [] })).toBe(true);
  expect(early.take()).toEqual([['news', message]]);
  expect(early.take()).toEqual([]);
  expect(early.hold('news', message)).toBe(false);
});

test('a server without memory leaves news of what ended with it and what it has begun', () => {
  const recording = (streamId: string) => ({ streamId, recordingId: streamId, startedBy: null });
  const transcription = (instanceId: string) => ({ instanceId, transcriptId: instanceId, startedBy: null });
  const welcome = (more: Partial<Welcome>) =>
    ({ recordings: [], transcriptions: [], waiting: [], ...more }) as unknown as Welcome;
  const state = new RoomServicesState(welcome({ recordings: [recording('a')], transcriptions: [transcription('t')] }));
  state.take({ type: 'recording-started', status: recording('b') });
  state.take({ type: 'recording-error', streamId: 'b', message: 'full' });
  expect(state.recordings).toEqual([recording('a')]);
  const waiting = [{ id: 'w', userName: 'W', userId: '' }];
  const missed = state.missed(welcome({ recordings: [recording('c')], waiting }));
  expect(missed).toEqual([
    { type: 'recording-stopped', streamId: 'a' },
    { type: 'transcription-stopped', instanceId: 't', updatedBy: null, stoppedByError: true },
    { type: 'recording-started', status: recording('c') },
    { type: 'waiting-updated', waiting },
  ]);
  for (const news of missed) state.take(news);
  expect([state.recordings, state.transcriptions, state.waiting]).toEqual([[recording('c')], [], waiting]);
});
