import { callChannel, SluiceError, type VideoFrame, videoFramePool } from '@sluice/core';
import { trackFrames } from '@sluice/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FakeSession, noDevices, person } from '../../test/fakes/fake-session.ts';
import { fromParticipantAudio } from '../graph/from-participant-audio.ts';
import { fromParticipantVideo } from '../graph/from-participant-video.ts';
import type { RoomJoin } from '../room/driver.ts';
import { registerRoomDriver } from '../room/driver-registry.ts';
import { CallClient } from './call-client.ts';

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
    capabilities: [],
    join: async (join) => {
      room = join;
      return session;
    },
  });
  client = new CallClient({ devices: noDevices });
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
  expect(session.subscribed).toEqual(['ada microphone unsubscribed']);
  expect(client.participants().ada?.media.microphone.subscribed).toBe('unsubscribed');
});

test('a subscription for one participant', async () => {
  await client.updateSubscriptions({ ada: { media: { microphone: 'subscribed' } } });
  expect(session.subscribed.at(-1)).toBe('ada microphone subscribed');
});

test('whoever watches this process is told of each state, of why it ended, and of no token', async () => {
  const states: unknown[] = [];
  const listen = (message: unknown) => states.push(message);
  callChannel.subscribe(listen);
  const lost = new SluiceError('SLUICE_ROOM_LOST', 'gone');
  session.events.emit('lost', lost);
  await client.leave();
  await client.join('fake://me:secret@host/room?t=secret#token=secret');
  callChannel.unsubscribe(listen);
  const one = expect.any(Number);
  const url = 'fake://host/room';
  expect(states).toEqual([
    { client: one, url, state: 'leaving', error: lost },
    { client: one, url, state: 'left' },
    { client: one, url, state: 'joining' },
    { client: one, url, state: 'joined' },
  ]);
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

/** A received picture, grey. */
const picture = (name = 'camera', width = 4) => ({
  participantId: 'ada',
  name,
  picture: { width, height: 2, data: new Uint8Array((width * 2 * 3) / 2).fill(128) },
});

test('pictures are converted once for each format that somebody wants, and only then', async () => {
  using frames = trackFrames();
  const before = videoFramePool.stats;
  session.events.emit('video', picture());
  frames.assertNone();
  expect(videoFramePool.stats).toMatchObject({ requests: before.requests, idleBuffers: before.idleBuffers + 1 });
  const seen: VideoFrame[] = [];
  const keep = (_: string, frame: VideoFrame) => seen.push(frame);
  client.setVideoRenderer('ada', keep);
  fromParticipantVideo(client, 'ada').subscribe((frame) => seen.push(frame));
  fromParticipantVideo(client, 'ada', { colorFormat: 'I420' }).subscribe((frame) => seen.push(frame));
  session.events.emit('video', picture());
  session.events.emit('video', picture('screenVideo'));
  expect(seen.map(({ format }) => format)).toEqual(['RGBA', 'RGBA', 'I420']);
  expect(seen[0]!.data).toBe(seen[1]!.data);
  expect([...seen[0]!.data.subarray(0, 4)]).toEqual([130, 130, 130, 255]);
  expect(videoFramePool.stats.requests).toBe(before.requests + 1);
  for (const frame of seen) frame.close();
  frames.assertNone();
  expect(videoFramePool.stats.openBuffers).toBe(before.openBuffers);
});

test('tracks are watched from the first renderer to the last', async () => {
  const first = client.setVideoRenderer('ada', () => {});
  const second = client.setVideoRenderer('ada', () => {});
  expect(session.watched).toEqual(['ada camera true']);
  first();
  expect(session.watched.length).toBe(1);
  second();
  client.setVideoRenderer('ada', () => {}, { videoSource: 'slides' });
  expect(session.watched.slice(1)).toEqual(['ada camera false', 'ada customVideo.slides true']);
  await client.leave();
  client.setVideoRenderer('early', () => {});
  session.watched.length = 0;
  await client.join('fake://host/room');
  expect(session.watched).toEqual(['early camera true']);
});

test('a picture of another size is another frame; one that throws or is ended gets no other into trouble', () => {
  using frames = trackFrames();
  const sizes: number[] = [];
  const stop = client.setVideoRenderer('ada', (_, frame) => {
    frame.close();
    endOther.unsubscribe();
    throw new Error('oops');
  });
  const endOther = fromParticipantVideo(client, 'ada').subscribe((frame) => frame.close());
  fromParticipantVideo(client, 'ada').subscribe((frame) => {
    sizes.push(frame.width);
    frame.close();
  });
  session.events.emit('video', picture());
  stop();
  session.events.emit('video', picture('camera', 8));
  expect(sizes).toEqual([4, 8]);
  expect(told.at(-1)).toBe('SLUICE_CALL_HANDLER');
  frames.assertNone();
});

test('a source of pictures ends with its participant, and with the call', async () => {
  const ended: string[] = [];
  fromParticipantVideo(client, 'ada').subscribe({ complete: () => ended.push('ada') });
  fromParticipantVideo(client, 'nobody').subscribe({ complete: () => ended.push('nobody') });
  session.events.emit('left', { participant: person('ada'), reason: 'left' });
  expect(ended).toEqual(['ada']);
  await client.leave();
  expect(ended).toEqual(['ada', 'nobody']);
});

test('renderers refuse what cannot be', () => {
  expect(() => client.setVideoRenderer('ada', () => {}, { colorFormat: 'YUV' as never })).toThrow(TypeError);
  expect(() => client.setVideoRenderer('ada', () => {}, { videoSource: 'microphone' })).toThrow(TypeError);
  expect(() => client.setVideoRenderer('ada', {} as never)).toThrow(TypeError);
  expect(() => client.setVideoRenderer(1 as never, () => {})).toThrow(TypeError);
});

test('a source of sound refuses what is no participant before anybody subscribes', () => {
  expect(() => fromParticipantAudio(client, undefined as never)).toThrow(/^participantId /);
  expect(() => fromParticipantAudio(client, client.participants().local as never)).toThrow(/^participantId /);
});

test('a source of pictures refuses what cannot be before anybody subscribes', () => {
  expect(() => fromParticipantVideo(client, 'ada', { colorFormat: 'YUV' as never })).toThrow(/^colorFormat /);
  expect(() => fromParticipantVideo(client, 'ada', { videoSource: 'microphone' })).toThrow(/^videoSource /);
  expect(() => fromParticipantVideo(client, 1 as never)).toThrow(/^participantId /);
});

test('a custom track must be one', async () => {
  for (const track of [null, {}, 'slides']) {
    const refused = { code: 'SLUICE_INVALID_ARGUMENT', message: expect.stringMatching(/^track is not valid/) };
    await expect(client.addCustomVideoTrack('slides', track as never)).rejects.toMatchObject(refused);
    await expect(client.addCustomAudioTrack('music', track as never)).rejects.toMatchObject(refused);
  }
});

test('video is subscribed to with the quality that is wanted, and has states', async () => {
  const ada = person('ada');
  const tracks = ['camera', 'customVideo.slides'].map((name) => ({ name, enabled: true, ignoreLevel: false }));
  session.events.emit('updated', { ...ada, tracks });
  session.participants.set('ada', { ...ada, tracks });
  session.subscribed.length = 0;
  const low = { subscriptionState: 'subscribed', settings: { maxQuality: 'low' } } as const;
  await client.updateSubscriptions({ ada: { media: { camera: low, customVideo: { '*': 'unsubscribed' } } } });
  expect(session.subscribed).toEqual([
    ...['ada camera low', 'ada camera subscribed'],
    ...['ada customVideo.slides high', 'ada customVideo.slides unsubscribed'],
  ]);
  const { media } = client.participants().ada!;
  expect(media.camera).toEqual({ subscribed: 'subscribed', state: 'loading', offReasons: [] });
  expect(media.customVideo).toEqual({ slides: { subscribed: 'unsubscribed', state: 'loading', offReasons: [] } });
  expect(media.screenVideo.offReasons).toEqual(['user']);
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
