import { afterEach, beforeEach, expect, it } from 'vitest';
import { noDevices } from '../../test/fakes/fake-session.ts';
import { CallClient } from './call-client.ts';

let client: CallClient;

beforeEach(() => {
  client = new CallClient({ devices: noDevices });
});
afterEach(() => client[Symbol.asyncDispose]());

/** Every method of the client in Python that has more than one word. */
const names = {
  set_user_name: 'setUserName',
  active_speaker: 'activeSpeaker',
  participant_counts: 'participantCounts',
  update_remote_participants: 'updateRemoteParticipants',
  eject_remote_participants: 'ejectRemoteParticipants',
  update_inputs: 'updateInputs',
  update_publishing: 'updatePublishing',
  update_subscriptions: 'updateSubscriptions',
  subscription_profiles: 'subscriptionProfiles',
  update_subscription_profiles: 'updateSubscriptionProfiles',
  update_permissions: 'updatePermissions',
  add_custom_audio_track: 'addCustomAudioTrack',
  update_custom_audio_track: 'updateCustomAudioTrack',
  remove_custom_audio_track: 'removeCustomAudioTrack',
  add_custom_video_track: 'addCustomVideoTrack',
  update_custom_video_track: 'updateCustomVideoTrack',
  remove_custom_video_track: 'removeCustomVideoTrack',
  start_live_stream_with_endpoints: 'startLiveStreamWithEndpoints',
  start_live_stream_with_rtmp_urls: 'startLiveStreamWithRtmpUrls',
  stop_live_stream: 'stopLiveStream',
  update_live_stream: 'updateLiveStream',
  add_live_streaming_endpoints: 'addLiveStreamingEndpoints',
  remove_live_streaming_endpoints: 'removeLiveStreamingEndpoints',
  start_recording: 'startRecording',
  stop_recording: 'stopRecording',
  update_recording: 'updateRecording',
  start_transcription: 'startTranscription',
  stop_transcription: 'stopTranscription',
  update_transcription: 'updateTranscription',
  start_dialout: 'startDialout',
  stop_dialout: 'stopDialout',
  send_dtmf: 'sendDtmf',
  sip_call_transfer: 'sipCallTransfer',
  sip_refer: 'sipRefer',
  send_app_message: 'sendAppMessage',
  send_prebuilt_chat_message: 'sendPrebuiltChatMessage',
  get_network_stats: 'getNetworkStats',
  set_audio_renderer: 'setAudioRenderer',
  set_video_renderer: 'setVideoRenderer',
};

it.each(Object.entries(names))('%s tells that it is %s here', (python, ours) => {
  const methods = client as unknown as Record<string, (() => unknown) | undefined>;
  expect(() => methods[python]?.()).toThrow(
    expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT', message: expect.stringContaining(`Call ${ours}`) }),
  );
  expect(methods[ours]).toBeTypeOf('function');
});

it('such names are not listed', () => {
  const listed = [];
  for (const name in client) listed.push(name);
  expect(listed.filter((name) => name.includes('_'))).toEqual([]);
});

it('a handler of events and positional arguments get the right name', async () => {
  expect(() => new CallClient({ event_handler: {} } as never)).toThrow(/client\.on\(event, listener\)/);
  class Handler {
    on_app_message(): void {}
  }
  expect(() => new CallClient(new Handler() as never)).toThrow(/client\.on\(event, listener\)/);
  expect(() => new CallClient({ on_app_message: () => {} } as never)).toThrow(/client\.on\(event, listener\)/);
  const join = client.join.bind(client) as (...given: unknown[]) => Promise<unknown>;
  const url = 'http://127.0.0.1:1/room';
  await expect(join(url, 'token')).rejects.toThrow(/the token inside the options: \{ token \}/);
  await expect(join(url, 'token', { inputs: {} })).rejects.toThrow(/join\(url, \{ token, clientSettings \}\)/);
  await expect(join(url, null, { inputs: {} })).rejects.toThrow(/join\(url, \{ token, clientSettings \}\)/);
  await expect(join(url, null)).rejects.toMatchObject({ code: 'SLUICE_INVALID_ARGUMENT' });
  await expect(join(url, {}, 'token')).rejects.toThrow(/completion is not valid/);
  await expect(join(url, { meeting_token: 'x' })).rejects.toThrow(/the token inside the options: \{ token \}/);
  await expect(join(url, { user_name: 'Ada' })).rejects.toThrow(/did you mean userName\?/);
  await expect(join(url, { client_settings: {} })).rejects.toThrow(/did you mean clientSettings\?/);
  await expect(client.stopRecording('main' as never)).rejects.toThrow(/the stream id inside the options/);
  await expect(client.sendDtmf({ session_id: 'x', tones: '1' } as never)).rejects.toThrow(/did you mean sessionId\?/);
});
