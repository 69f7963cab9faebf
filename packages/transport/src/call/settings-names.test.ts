import { expect, test } from 'vitest';
import { type InputSettingsUpdate, initialInputs, updatedInputs } from './send/inputs.ts';
import { initialPublishing, type PublishingSettingsUpdate, updatedPublishing } from './send/publishing.ts';
import { SubscriptionBook, type SubscriptionProfilesUpdate, type SubscriptionsUpdate } from './subscriptions.ts';

const inputs = (update: unknown) => updatedInputs(initialInputs, update as InputSettingsUpdate);
const publishing = (update: unknown) => updatedPublishing(initialPublishing, update as PublishingSettingsUpdate);
const profiles = (update: unknown) => new SubscriptionBook().updateProfiles(update as SubscriptionProfilesUpdate);
const participants = (update: unknown) => new SubscriptionBook().updateParticipants(update as SubscriptionsUpdate);
const camera = (sendSettings: unknown) => publishing({ camera: { sendSettings } });

test.each<[name: string, run: () => unknown, field: string, meant: string]>([
  ['is_enabled', () => inputs({ microphone: { is_enabled: true } }), 'inputs.microphone.is_enabled', 'isEnabled'],
  [
    'device_id',
    () => inputs({ microphone: { settings: { device_id: 'a' } } }),
    'inputs.microphone.settings.device_id',
    'deviceId',
  ],
  ['custom_track', () => inputs({ screenVideo: { settings: { custom_track: {} } } }), 'custom_track', 'customTrack'],
  ['frame_rate', () => inputs({ camera: { settings: { frame_rate: 5 } } }), 'frame_rate', 'frameRate'],
  ['facing_mode', () => inputs({ camera: { settings: { facing_mode: 'user' } } }), 'facing_mode', 'facingMode'],
  [
    'custom_constraints',
    () => inputs({ microphone: { settings: { custom_constraints: {} } } }),
    'custom_constraints',
    'customConstraints',
  ],
  ['screen_video', () => inputs({ screen_video: true }), 'inputs.screen_video', 'screenVideo'],
  ['screen_audio', () => inputs({ screen_audio: true }), 'inputs.screen_audio', 'screenAudio'],
  ['is_publishing', () => publishing({ camera: { is_publishing: true } }), 'camera.is_publishing', 'isPublishing'],
  ['send_settings', () => publishing({ microphone: { send_settings: 'music' } }), 'send_settings', 'sendSettings'],
  ['custom_audio', () => publishing({ custom_audio: {} }), 'publishing.custom_audio', 'customAudio'],
  ['custom_video', () => publishing({ custom_video: {} }), 'publishing.custom_video', 'customVideo'],
  [
    'is_publishing of a named track',
    () => publishing({ customAudio: { music: { is_publishing: true } } }),
    'customAudio.music.is_publishing',
    'isPublishing',
  ],
  [
    'channel_config',
    () => publishing({ microphone: { sendSettings: { channel_config: 'stereo' } } }),
    'microphone.sendSettings.channel_config',
    'channelConfig',
  ],
  ['max_quality', () => camera({ max_quality: 'low' }), 'camera.sendSettings.max_quality', 'maxQuality'],
  ['preferred_codec', () => camera({ preferred_codec: 'VP8' }), 'preferred_codec', 'preferredCodec'],
  ['allow_adaptive_layers', () => camera({ allow_adaptive_layers: true }), 'allow_adaptive', 'allowAdaptiveLayers'],
  ['max_bitrate', () => camera({ encodings: { low: { max_bitrate: 1 } } }), 'low.max_bitrate', 'maxBitrate'],
  ['max_framerate', () => camera({ encodings: { low: { max_framerate: 1 } } }), 'max_framerate', 'maxFramerate'],
  ['max_frame_rate', () => camera({ encodings: { low: { max_frame_rate: 1 } } }), 'max_frame', 'maxFramerate'],
  [
    'scale_resolution_down_by',
    () => camera({ encodings: { high: { scale_resolution_down_by: 2 } } }),
    'high.scale_resolution_down_by',
    'scaleResolutionDownBy',
  ],
  ['max_bitrate in a list', () => camera({ encodings: [['low', { max_bitrate: 1 }]] }), 'max_bitrate', 'maxBitrate'],
  [
    'echo_cancellation',
    () => inputs({ microphone: { settings: { customConstraints: { echo_cancellation: true } } } }),
    'customConstraints.echo_cancellation',
    'echoCancellation',
  ],
  ['custom_audio of a profile', () => profiles({ base: { custom_audio: {} } }), 'base.custom_audio', 'customAudio'],
  [
    'subscription_state',
    () => profiles({ base: { camera: { subscription_state: 'subscribed' } } }),
    'base.camera.subscription_state',
    'subscriptionState',
  ],
  [
    'max_quality of a subscription',
    () => profiles({ base: { camera: { subscriptionState: 'subscribed', settings: { max_quality: 'low' } } } }),
    'camera.settings.max_quality',
    'maxQuality',
  ],
  [
    'screen_audio of a participant',
    () => participants({ ada: { media: { screen_audio: 'subscribed' } } }),
    'participantSettings.ada.media.screen_audio',
    'screenAudio',
  ],
])('%s is refused with the name that it has here', (_, run, field, meant) => {
  expect(run).toThrow(TypeError);
  expect(run).toThrow(new RegExp(`${field.replaceAll('.', '\\.')}.*did you mean ${meant}\\?`, 's'));
});

test.each<[run: () => unknown, rule: RegExp]>([
  [() => profiles({ base: { microphone: 'stagged' } }), /microphone.*"subscribed".*"unsubscribed".*"staged".*stagged/],
  [() => publishing({ microphone: { sendSettings: 'Music' } }), /microphone\.sendSettings.*"speech".*"music".*Music/],
  [() => camera({ maxQuality: 'max' }), /maxQuality.*"low".*"medium".*"high".*max/],
  [() => inputs({ camera: { settings: { facingMode: 'front' } } }), /facingMode.*"user".*"environment"/],
  [() => inputs({ camera: { settings: { width: 0 } } }), /camera\.settings\.width.*1/],
  [() => inputs({ camera: { settings: { width: 640.5 } } }), /camera\.settings\.width/],
  [() => inputs({ camera: { settings: { height: 20_000 } } }), /camera\.settings\.height.*16384/],
  [() => inputs({ camera: { settings: { height: '480' } } }), /camera\.settings\.height.*number.*480/],
])('a value that there is not names its field and what is allowed, case %#', (run, rule) => {
  expect(run).toThrow(rule);
});
