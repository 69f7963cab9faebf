import { afterEach, beforeEach, expect, test } from 'vitest';
import { CallClient } from '../src/call/call-client.ts';
import { Daily } from '../src/daily.ts';
import type { VirtualMicrophoneDevice } from '../src/devices/audio/virtual-microphone.ts';
import { CustomAudioSource } from '../src/devices/custom/custom-audio-source.ts';
import { CustomAudioTrack } from '../src/devices/custom/custom-audio-track.ts';
import { type RoomServer, startRoomServer } from '../src/room/server/room-server.ts';
import { wait } from './linked-connections.ts';
import { until } from './until.ts';

let server: RoomServer;
let url: string;
const clients = new Set<CallClient>();
const writers: NodeJS.Timeout[] = [];

beforeEach(async () => {
  server = await startRoomServer();
  url = server.roomUrl('levels');
  Daily.init();
});
afterEach(async () => {
  for (const writer of writers.splice(0)) clearInterval(writer);
  for (const client of clients) await client[Symbol.asyncDispose]();
  clients.clear();
  await Daily.deinit();
  await server.close();
});

const create = () => {
  const client = new CallClient();
  clients.add(client);
  return client;
};
const idOf = (client: CallClient) => client.participants().local.id;

/** Keeps 150 to 250 ms of a sine of this height queued. Its level is 0.707 times the height. */
function play(device: VirtualMicrophoneDevice | CustomAudioSource, height: number): { height: number } {
  const played = { height };
  let index = 0;
  const write = () => {
    while (device.queuedDuration < 150) {
      const samples = new Int16Array(1_600);
      for (let n = 0; n < 1_600; n++)
        samples[n] = 32_767 * played.height * Math.sin((2 * Math.PI * 440 * (index + n)) / 16_000);
      index += 1_600;
      device.write(samples);
    }
  };
  write();
  writers.push(setInterval(write, 20));
  return played;
}

const near = (level: number | undefined, expected: number) =>
  level !== undefined && Math.abs(level - expected) <= 0.1 * expected;

test('both observers measure the same sound, at its place and as it arrives; muted is 0, and off is off', async () => {
  const microphone = Daily.createMicrophoneDevice('mic');
  const [ada, grace] = [create(), create()];
  const local: number[] = [];
  const remote: (number | undefined)[] = [];
  ada.on('local-audio-level', ({ audioLevel }) => local.push(audioLevel));
  await ada.join(url, { clientSettings: { inputs: { microphone: true } } });
  await grace.join(url);
  const id = idOf(ada);
  grace.on('remote-participants-audio-level', ({ participantsAudioLevel }) => remote.push(participantsAudioLevel[id]));
  play(microphone, 0.5);
  await until(() => grace.participants()[id]?.media.microphone.state === 'playable');
  await wait(300);
  expect([local, remote]).toEqual([[], []]);

  ada.startLocalAudioLevelObserver();
  grace.startRemoteParticipantsAudioLevelObserver(50);
  const level = 0.5 * Math.SQRT1_2;
  await until(() => near(ada.getLocalAudioLevel(), level));
  await until(() => near(grace.getRemoteParticipantsAudioLevel()[id], level));
  expect(grace.isRemoteParticipantsAudioLevelObserverRunning()).toBe(true);
  expect(Object.keys(grace.getRemoteParticipantsAudioLevel())).toEqual([id]);
  expect(Math.max(...local, ...remote.map((one) => one ?? 0))).toBeLessThanOrEqual(1);

  await ada.updateInputs({ microphone: false });
  await until(() => ada.getLocalAudioLevel() === 0 && grace.getRemoteParticipantsAudioLevel()[id] === 0);
  await ada.updateInputs({ microphone: true });
  await until(() => near(ada.getLocalAudioLevel(), level));

  ada.stopLocalAudioLevelObserver();
  grace.stopRemoteParticipantsAudioLevelObserver();
  const told = [local.length, remote.length];
  await wait(300);
  expect([local.length, remote.length]).toEqual(told);
  expect([ada.isLocalAudioLevelObserverRunning(), ada.getLocalAudioLevel()]).toEqual([false, 0]);
  expect(grace.getRemoteParticipantsAudioLevel()).toEqual({});
  expect(() => ada.startLocalAudioLevelObserver(5)).toThrow(RangeError);
});

test('what ignores its level and what a screen plays count for nothing; a custom track counts', async () => {
  const [ada, grace, listener] = [create(), create(), create()];
  const track = () => {
    const source = new CustomAudioSource(16_000, 1);
    return { source, track: new CustomAudioTrack(source) };
  };
  const [song, screen, voice] = [track(), track(), track()];
  play(song.source, 0.9);
  play(screen.source, 0.9);
  await ada.addCustomAudioTrack('song', song.track, { ignoreAudioLevel: true });
  const screenAudio = { isEnabled: true, settings: { customTrack: { id: screen.track.id } } };
  await ada.join(url, { clientSettings: { inputs: { screenAudio } } });
  await grace.join(url);
  await listener.join(url);
  const [adaId, graceId] = [idOf(ada), idOf(grace)];
  listener.startRemoteParticipantsAudioLevelObserver();
  ada.startLocalAudioLevelObserver();
  const media = () => listener.participants()[adaId]?.media;
  await until(() => media()?.customAudio.song?.state === 'playable' && media()?.screenAudio.state === 'playable');
  await wait(1_500);
  expect(listener.getRemoteParticipantsAudioLevel()).toEqual({ [adaId]: 0, [graceId]: 0 });
  expect([ada.getLocalAudioLevel(), listener.activeSpeaker()]).toEqual([0, null]);

  const spoken = play(voice.source, 0.1);
  await grace.addCustomAudioTrack('voice', voice.track);
  await until(() => listener.activeSpeaker()?.id === graceId);
  await until(() => near(listener.getRemoteParticipantsAudioLevel()[graceId], 0.1 * Math.SQRT1_2));

  // The same from Ada is the new speaker once Grace is silent, and Grace's quiet microphone changes nothing.
  spoken.height = 0;
  await ada.updateCustomAudioTrack('song', voice.track, { ignoreAudioLevel: false });
  spoken.height = 0.3;
  await grace.removeCustomAudioTrack('voice');
  await until(() => listener.activeSpeaker()?.id === adaId && grace.activeSpeaker()?.id === adaId);
  await until(() => near(ada.getLocalAudioLevel(), 0.3 * Math.SQRT1_2));
});

test('devices are listed and told of, from one init to the next', async () => {
  const client = create();
  const told: (readonly string[])[] = [];
  client.on('available-devices-updated', ({ availableDevices }) => {
    expect(client.availableDevices()).toEqual(availableDevices);
    told.push([...availableDevices.audio, ...availableDevices.camera].map(({ deviceId }) => deviceId));
  });
  Daily.createSpeakerDevice('ear');
  Daily.createMicrophoneDevice('mic');
  Daily.createCameraDevice('eye', { width: 64, height: 64 });
  expect(client.availableDevices()).toEqual({
    audio: [
      { deviceId: 'mic', groupId: '', kind: 'audioinput', label: 'mic' },
      { deviceId: 'ear', groupId: '', kind: 'audiooutput', label: 'ear' },
    ],
    microphone: [{ deviceId: 'mic', groupId: '', kind: 'audioinput', label: 'mic' }],
    speaker: [{ deviceId: 'ear', groupId: '', kind: 'audiooutput', label: 'ear' }],
    camera: [{ deviceId: 'eye', groupId: '', kind: 'videoinput', label: 'eye' }],
  });
  Daily.destroyDevice('mic');
  expect(told).toEqual([['ear'], ['mic', 'ear'], ['mic', 'ear', 'eye'], ['ear', 'eye']]);
  await Daily.deinit();
  expect(told.at(-1)).toEqual([]);
  expect(client.availableDevices().audio).toEqual([]);
  Daily.init();
  Daily.createMicrophoneDevice('again');
  expect(told.at(-1)).toEqual(['again']);
});
