// Devices

export {
  type AudioDeviceDescription,
  type CameraDescription,
  Daily,
  type DailyInitOptions,
  type DeviceDescription,
} from './daily.ts';
export { CustomAudioSource, type CustomAudioSourceOptions } from './devices/custom-audio-source.ts';
export { CustomAudioTrack } from './devices/custom-audio-track.ts';
export { CustomVideoSource } from './devices/custom-video-source.ts';
export { CustomVideoTrack } from './devices/custom-video-track.ts';
export type { DeviceOptions, MicrophoneDeviceOptions, PlayoutOptions } from './devices/device-options.ts';
export type { PcmInput } from './devices/pcm.ts';
export type { PictureInput } from './devices/picture-input.ts';
export type { PictureCounters } from './devices/picture-line.ts';
export type { CameraDeviceOptions, PictureOptions } from './devices/picture-options.ts';
export type { PlayoutCounters } from './devices/playout-line.ts';
export type { PlayoutOutcome, PlayoutReceipt } from './devices/playout-receipt.ts';
export type { VirtualDevice } from './devices/registry.ts';
export type { VirtualCameraDevice } from './devices/virtual-camera.ts';
export type { VirtualMicrophoneDevice } from './devices/virtual-microphone.ts';
export type { VirtualSpeakerDevice } from './devices/virtual-speaker.ts';

// Ends of a graph

export { type FromCallOptions, fromCall } from './call/from-call.ts';
export { fromParticipantAudio } from './call/from-participant-audio.ts';
export { fromParticipantVideo } from './call/from-participant-video.ts';
export type { PlayoutSink, PlayoutState, PlayoutSummary } from './devices/device-sink.ts';
export type { PictureSummary } from './devices/picture-sink.ts';
export { type FromSpeakerOptions, fromSpeaker } from './from-speaker.ts';
export { toCamera } from './to-camera.ts';
export { toCustomAudio } from './to-custom-audio.ts';
export { toCustomVideo } from './to-custom-video.ts';
export { toMicrophone } from './to-microphone.ts';

// Calls

export type { AudioRendererCallback, AudioRendererOptions } from './call/audio-renderer.ts';
export { CallClient } from './call/call-client.ts';
export type {
  CallClientOptions,
  ClientSettings,
  CustomAudioTrackOptions,
  JoinOptions,
} from './call/call-client-options.ts';
export type { CallDevices } from './call/call-devices.ts';
export {
  type CallEvents,
  type CallState,
  callStates,
  type LeftReason,
  leftReasons,
  type NetworkConnection,
} from './call/call-events.ts';
export type { JoinResult } from './call/call-lifecycle.ts';
export type { Completion, DataCompletion, OperationOptions } from './call/completion.ts';
export type {
  AudioInputSettings,
  AudioInputUpdate,
  InputSettings,
  InputSettingsUpdate,
  VideoInputSettings,
  VideoInputUpdate,
} from './call/inputs.ts';
export type { NetworkStats } from './call/network-stats.ts';
export type {
  Participant,
  ParticipantCounts,
  ParticipantInfo,
  ParticipantMedia,
  Participants,
} from './call/participants.ts';
export type {
  AudioSendOptions,
  PublishingSettings,
  PublishingSettingsUpdate,
  TrackPublishing,
  TrackPublishingUpdate,
  VideoPublishing,
  VideoPublishingUpdate,
} from './call/publishing.ts';
export type {
  MediaSubscription,
  ParticipantSubscription,
  SubscriptionProfilesUpdate,
  SubscriptionState,
  SubscriptionsUpdate,
  VideoSubscription,
} from './call/subscriptions.ts';
export type { VideoRendererCallback, VideoRendererOptions } from './call/video-renderers.ts';
export type { VideoEncoding, VideoSendOptions } from './call/video-send-options.ts';

// Rooms

export { createRoomApp, type RoomApp, type RoomAppOptions } from './room/room-app.ts';
export { type RoomServer, type RoomServerOptions, startRoomServer } from './room/room-server.ts';
export type { TokenGrant, VerifyToken } from './room/room-tokens.ts';

// Room drivers

export type {
  LocalTrack,
  RemoteTrack,
  RemoteTrackState,
  RoomConnectionChange,
  RoomDriver,
  RoomJoin,
  RoomParticipant,
  RoomSession,
  RoomSessionEvents,
} from './room/driver.ts';
export { registerRoomDriver } from './room/driver-registry.ts';

// The media host

export { type MediaHostMode, mediaHostModes } from './host/create-media-host.ts';

// Faster colours

export { offerLibyuv } from './offer-libyuv.ts';

// Logging

export { type Logger, type LogLevel, logLevels } from './logger.ts';

// Errors

export { type TransportErrorCode, transportErrorCodes } from './errors.ts';
