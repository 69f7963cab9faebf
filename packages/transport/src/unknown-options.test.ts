import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CallClient,
  CustomAudioSource,
  CustomVideoSource,
  createRoomApp,
  Daily,
  followSpeakers,
  fromParticipantAudio,
  fromParticipantVideo,
  fromSpeaker,
  fromWhep,
  startRoomServer,
  startWhipServer,
  toWhip,
} from './index.ts';
import * as kit from './testing/index.ts';

type Call = (options: never) => unknown;
const url = 'http://127.0.0.1:1/nobody';
const id = '00000000-0000-4000-8000-00000000000a';
const size = { width: 16, height: 16 };
const probe = { sampleRate: 48_000 };
const client = new CallClient();
const camera = (sendSettings: object) => client.updatePublishing({ camera: { sendSettings } } as never);

/** Each call that takes options, with a key that nobody declared beside valid ones, and what was meant. */
const calls: Record<string, readonly [call: Call, options: object, wrong: string, meant: string]> = {
  'Daily.init': [(o) => again(() => Daily.init(o)), {}, 'media_host', 'mediaHost'],
  'Daily.createMicrophoneDevice': [(o) => Daily.createMicrophoneDevice('m', o), {}, 'sample_rate', 'sampleRate'],
  'Daily.createSpeakerDevice': [(o) => Daily.createSpeakerDevice('s', o), {}, 'non_blocking', 'nonBlocking'],
  'Daily.createCameraDevice': [(o) => Daily.createCameraDevice('c', o), size, 'color_format', 'colorFormat'],
  CustomAudioSource: [(o) => new CustomAudioSource(48_000, 1, o), {}, 'auto_silence', 'autoSilence'],
  CustomVideoSource: [(o) => new CustomVideoSource(16, 16, 'RGBA', o), {}, 'fps_frameRate', 'frameRate'],
  'CustomAudioSource.clear': [(o) => new CustomAudioSource(48_000, 1).clear(o), {}, 'fade', 'fadeMs'],
  toWhip: [(o) => toWhip(url, o), {}, 'tokens', 'token'],
  startWhipServer: [(o) => startWhipServer(o), { roomUrl: String }, 'ports', 'port'],
  fromWhep: [(o) => fromWhep(url, o), {}, 'ice_server', 'iceServers'],
  followSpeakers: [(o) => followSpeakers(client, {} as never, o), {}, 'sample_rate', 'sampleRate'],
  CallClient: [(o) => new CallClient(o), {}, 'device', 'devices'],
  join: [(o) => client.join(url, o), {}, 'client_settings', 'clientSettings'],
  'join clientSettings': [(o) => client.join(url, { clientSettings: o }), {}, 'input', 'inputs'],
  'join inputs': [(o) => client.join(url, { clientSettings: { inputs: o } }), {}, 'mic', 'microphone'],
  'join admission': [(o) => client.join(url, o), {}, 'admission_timeout_ms', 'admissionTimeoutMs'],
  'join lease': [(o) => client.join(url, { lease: o }), { job: 'a', revision: 1 }, 'on_begin', 'onBegin'],
  startRecording: [(o) => client.startRecording(o), {}, 'stream_id', 'streamId'],
  'startRecording settings': [
    (o) => client.startRecording({ streamingSettings: o }),
    {},
    'max_duration',
    'maxDuration',
  ],
  stopRecording: [(o) => client.stopRecording(o), {}, 'stream', 'streamId'],
  startTranscription: [(o) => client.startTranscription(o), {}, 'includeRaw', 'includeRawResponse'],
  stopTranscription: [(o) => client.stopTranscription(o), {}, 'instance_id', 'instanceId'],
  updateTranscription: [(o) => client.updateTranscription(o), { participants: null }, 'instance', 'instanceId'],
  sendDtmf: [(o) => client.sendDtmf(o), { tones: '1' }, 'digit_duration_ms', 'digitDurationMs'],
  updatePermissions: [(o) => client.updatePermissions(o), {}, 'can_send', 'canSend'],
  updateRemoteParticipants: [
    (o) => client.updateRemoteParticipants({ [id]: o }),
    {},
    'inputs_enabled',
    'inputsEnabled',
  ],
  updateWaitingParticipants: [
    (o) => client.updateWaitingParticipants({ '*': o }),
    {},
    'grant_requested_access',
    'grantRequestedAccess',
  ],
  leave: [(o) => client.leave(o), {}, 'timeout', 'timeoutMs'],
  networkStats: [(o) => client.networkStats(o), {}, 'timeout', 'timeoutMs'],
  updateInputs: [(o) => client.updateInputs(o), {}, 'screen_video', 'screenVideo'],
  'updateInputs camera': [(o) => client.updateInputs({ camera: o }), {}, 'enabled', 'isEnabled'],
  'updateInputs settings': [(o) => client.updateInputs({ camera: { settings: o } }), {}, 'device_id', 'deviceId'],
  updatePublishing: [(o) => client.updatePublishing(o), {}, 'custom_audio', 'customAudio'],
  'updatePublishing sendSettings': [(o) => camera(o), {}, 'preferred_codec', 'preferredCodec'],
  'updatePublishing customAudio': [
    (o) => client.updatePublishing({ customAudio: { tts: o } }),
    {},
    'is_publishing',
    'isPublishing',
  ],
  updateSubscriptions: [(o) => client.updateSubscriptions({ ada: o }), {}, 'profil', 'profile'],
  addCustomAudioTrack: [
    (o) => client.addCustomAudioTrack('t', { id: 'x' }, o),
    {},
    'ignore_audio_level',
    'ignoreAudioLevel',
  ],
  updateCustomAudioTrack: [
    (o) => client.updateCustomAudioTrack('t', { id: 'x' }, o),
    {},
    'ignoreLevel',
    'ignoreAudioLevel',
  ],
  setAudioRenderer: [(o) => client.setAudioRenderer('ada', () => {}, o), {}, 'sample_rate', 'sampleRate'],
  setVideoRenderer: [(o) => client.setVideoRenderer('ada', () => {}, o), {}, 'color_format', 'colorFormat'],
  fromParticipantAudio: [(o) => fromParticipantAudio(client, 'ada', o), {}, 'audio_source', 'audioSource'],
  fromParticipantVideo: [(o) => fromParticipantVideo(client, 'ada', o), {}, 'video_source', 'videoSource'],
  fromSpeaker: [(o) => fromSpeaker({} as never, o), {}, 'frame_ms', 'frameMs'],
  createRoomApp: [(o) => createRoomApp(o), {}, 'host', 'hosts'],
  startRoomServer: [(o) => startRoomServer(o), {}, 'prt', 'port'],
  Impairment: [(o) => new kit.Impairment(o), {}, 'jitter', 'jitterMs'],
  'Impairment.set': [(o) => new kit.Impairment().set(o), {}, 'delay', 'delayMs'],
  ProbeListener: [(o) => new kit.ProbeListener(o), {}, 'sed', 'seed'],
  'ProbeListener.report': [(o) => new kit.ProbeListener().report(o), {}, 'expect', 'expected'],
  TcpRelay: [(o) => kit.TcpRelay.open(o), { port: 1 }, 'clok', 'clock'],
  UdpRelay: [(o) => kit.UdpRelay.open(o), {}, 'socket', 'sockets'],
  impair: [(o) => kit.impair({}, o), {}, 'los', 'loss'],
  probeSamples: [(o) => kit.probeSamples(1, o), probe, 'chanels', 'channels'],
  probeSignal: [(o) => kit.probeSignal(o), probe, 'frame', 'frames'],
  rawCall: [(o) => kit.rawCall(o), {}, 'sample_rate', 'sampleRate'],
};

/** A process has one `Daily`, which `beforeAll` has made. */
async function again(init: () => void): Promise<void> {
  await Daily.deinit();
  try {
    init();
  } finally {
    Daily.init({ mediaHost: 'in-process' });
  }
}

describe('unknown options', () => {
  beforeAll(() => Daily.init({ mediaHost: 'in-process' }));
  afterAll(() => Daily.deinit());

  it.each(Object.entries(calls))(
    '%s refuses them and names the nearest',
    async (_name, [call, options, wrong, meant]) => {
      const refused = expect.objectContaining({
        code: 'SLUICE_INVALID_ARGUMENT',
        message: expect.stringContaining(`did you mean ${meant}?`),
      });
      await expect(async () => call({ ...options, [wrong]: undefined } as never)).rejects.toThrow(refused);
    },
  );

  it('are told where the token stands alone', async () => {
    await expect(client.join(url, 'token' as never)).rejects.toThrow('join is not valid; expected the token inside');
  });

  it('leave room for a completion alone', async () => {
    const told = await new Promise<unknown>((resolve) => {
      client.join('ftp://nowhere', (_data, error) => resolve(error)).catch(() => {});
    });
    expect(told).toMatchObject({ code: 'SLUICE_ROOM_URL' });
  });

  it('are told of events that no call has', () => {
    const listener = () => {};
    const refused = /event is not valid.*did you mean participant-joined\?/;
    for (const method of ['on', 'off', 'once'] as const)
      expect(() => client[method]('participant-join' as never, listener)).toThrow(refused);
    expect(() => client.events$('participant-join' as never)).toThrow(refused);
    expect(() => client.on('error', undefined as never)).toThrow('listener is not valid');
  });

  it('are told of renderers without a callback', () => {
    expect(() => client.setAudioRenderer('ann', undefined as never)).toThrow('callback is not valid');
    expect(() => client.setVideoRenderer(1 as never, () => {})).toThrow('participantId is not valid');
  });
});
