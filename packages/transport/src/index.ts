// Devices

export {
  type AudioDeviceDescription,
  type CameraDescription,
  Daily,
  type DailyInitOptions,
  type DeviceDescription,
} from './daily.ts';
export type { PcmInput } from './devices/audio/pcm.ts';
export type { PlayoutCounters } from './devices/audio/playout-line.ts';
export type { VirtualMicrophoneDevice } from './devices/audio/virtual-microphone.ts';
export type { AvailableDevice, AvailableDevices } from './devices/available-devices.ts';
export { CustomAudioSource, type CustomAudioSourceOptions } from './devices/custom/custom-audio-source.ts';
export { CustomAudioTrack } from './devices/custom/custom-audio-track.ts';
export { CustomVideoSource } from './devices/custom/custom-video-source.ts';
export { CustomVideoTrack } from './devices/custom/custom-video-track.ts';
export type { DeviceOptions, MicrophoneDeviceOptions, PlayoutOptions } from './devices/device-options.ts';
export type { VirtualDevice } from './devices/registry.ts';
export type { VirtualSpeakerDevice } from './devices/speaker/virtual-speaker.ts';
export type { PictureInput } from './devices/video/picture-input.ts';
export type { PictureCounters } from './devices/video/picture-line.ts';
export type { CameraDeviceOptions, PictureOptions } from './devices/video/picture-options.ts';
export type { VirtualCameraDevice } from './devices/video/virtual-camera.ts';

// Load

export type { CpuLoad } from './devices/load-watch.ts';

// Glitches

export { type GlitchEdge, glitchEdges, type TrackGlitches } from './devices/track-glitches.ts';

// Voice activity

export type { NativeVad, NativeVadOptions } from './vad/native-vad.ts';

// Ends of a graph

export type { PlayoutOutcome, PlayoutReceipt, PlayoutSink, PlayoutState, PlayoutSummary } from '@sluice/core';
export {
  type FollowSpeakersOptions,
  followSpeakers,
  type SpeakerFollowing,
  type SpeakerHost,
} from './graph/follow-speakers.ts';
export { type FromCallOptions, fromCall } from './graph/from-call.ts';
export { fromParticipantAudio } from './graph/from-participant-audio.ts';
export { fromParticipantVideo } from './graph/from-participant-video.ts';
export { type FromSpeakerOptions, fromSpeaker } from './graph/from-speaker.ts';
export type { PictureSummary } from './graph/picture-sink.ts';
export { toCamera } from './graph/to-camera.ts';
export { toCustomAudio } from './graph/to-custom-audio.ts';
export { toCustomVideo } from './graph/to-custom-video.ts';
export { toMicrophone } from './graph/to-microphone.ts';

// Calls

export { agentUserData, isAgent } from './call/agent-mark.ts';
export { CallClient } from './call/call-client.ts';
export type {
  CallClientOptions,
  ClientSettings,
  CustomAudioTrackOptions,
  JoinLease,
  JoinOptions,
} from './call/call-client-options.ts';
export type { CallDevices } from './call/call-devices.ts';
export {
  type CallEvents,
  type CallState,
  callEventNames,
  callStates,
  type LeftReason,
  leftReasons,
  type NetworkConnection,
} from './call/call-events.ts';
export type { JoinResult } from './call/call-lifecycle.ts';
export type {
  InstanceOptions,
  StartRecordingOptions,
  StreamOptions,
  UpdateTranscriptionOptions,
} from './call/client/service-client.ts';
export type { StartLiveStreamOptions, TelephonySettings } from './call/client/telephony-client.ts';
export type { Completion, DataCompletion, OperationOptions } from './call/completion.ts';
export type { DtmfSettings, WaitingParticipantsUpdate } from './call/control/check-asks.ts';
export type { ControlEvents, WaitingParticipant } from './call/control/control-events.ts';
export type { ServiceEvents } from './call/control/service-events.ts';
export type { DialEvent, LiveStreamStatus, TelephonyEvents } from './call/control/telephony-events.ts';
export type { IceConfig, IceServer } from './call/ice-config.ts';
export type { LatestNetworkStats, NetworkReport, NetworkThreshold } from './call/network-report.ts';
export type { NetworkStats } from './call/network-stats.ts';
export {
  type OffReason,
  offReasons,
  type Participant,
  type ParticipantCounts,
  type ParticipantInfo,
  type ParticipantMedia,
  type Participants,
} from './call/participants.ts';
export type { AudioRendererCallback, AudioRendererOptions } from './call/receive/audio-renderer.ts';
export type { VideoRendererCallback, VideoRendererOptions } from './call/receive/video-renderers.ts';
export type {
  AudioInputSettings,
  AudioInputUpdate,
  InputSettings,
  InputSettingsUpdate,
  VideoInputSettings,
  VideoInputUpdate,
} from './call/send/inputs.ts';
export type {
  AudioSendOptions,
  PublishingSettings,
  PublishingSettingsUpdate,
  TrackPublishing,
  TrackPublishingUpdate,
  VideoPublishing,
  VideoPublishingUpdate,
} from './call/send/publishing.ts';
export type {
  VideoEncoding,
  VideoEncodings,
  VideoSendOptions,
  VideoSendOptionsUpdate,
} from './call/send/video-send-options.ts';
export type {
  MediaSubscription,
  ParticipantSubscription,
  SubscriptionProfilesUpdate,
  SubscriptionsUpdate,
  VideoSubscription,
} from './call/subscriptions.ts';
export type { NetworkPath, NetworkPathEnd } from './host/media-host.ts';

// Rooms

export type { RoomProgramAdditions } from './room/server/cli/room-program-additions.ts';
export { type RoomCreation, roomCreations } from './room/server/directory/room-list.ts';
export type { MetricsOptions } from './room/server/metrics/metrics-server.ts';
export type { PageOptions } from './room/server/page-route.ts';
export type { ApiKey } from './room/server/rest/api-keys.ts';
export { createRoomApp, type RoomApp, type RoomAppOptions } from './room/server/room-app.ts';
export type { RoomProperties } from './room/server/room-properties.ts';
export { type RoomServer, type RoomServerOptions, startRoomServer } from './room/server/room-server.ts';
export type {
  RecordingRequest,
  RoomRecorder,
  RoomTranscriber,
  RunningRecording,
  RunningTranscription,
  ServiceEntry,
  TranscriptionRequest,
} from './room/server/room-services.ts';
export type { TokenGrant, VerifyToken } from './room/server/room-tokens.ts';
export { runRoomProgram } from './room/server/run-room-program.ts';
export type { TlsOptions } from './room/server/tls-options.ts';
export {
  createMeetingToken,
  type MeetingTokenClaims,
  type MeetingTokenOptions,
  type MintedToken,
} from './room/server/tokens/create-meeting-token.ts';
export { type MeetingTokens, type MeetingTokensOptions, meetingTokens } from './room/server/tokens/meeting-tokens.ts';
export { TokenError, type TokenFault } from './room/server/tokens/token-error.ts';
export type { TokenSecret } from './room/server/tokens/token-key.ts';

// Ends in WHIP and WHEP endpoints, and an endpoint

export { startWhipServer, type WhipServer } from './whip/endpoint/whip-server.ts';
export type { WhipServerOptions } from './whip/endpoint/whip-server-options.ts';
export {
  type FromWhepOptions,
  fromWhep,
  type WhepAudioOptions,
  type WhepPlayback,
  type WhepVideoOptions,
} from './whip/from-whep.ts';
export { type ToWhipOptions, toWhip, type WhipPublication } from './whip/to-whip.ts';
export type { WhipAccess, WhipAudioOptions, WhipVideoOptions } from './whip/whip-options.ts';

// Room drivers

export type {
  LocalTrack,
  RemoteTrack,
  RemoteTrackState,
  RoomCapability,
  RoomConnectionChange,
  RoomDriver,
  RoomJoin,
  RoomNews,
  RoomParticipant,
  RoomSession,
  RoomSessionEvents,
  SubscriptionState,
} from './room/driver.ts';
export { registerRoomDriver, roomDrivers } from './room/driver-registry.ts';

// The media host

export { type MediaHostMode, mediaHostModes } from './host/create-media-host.ts';

// Faster colours

export { offerLibyuv } from './host/engine/offer-libyuv.ts';

// Logging

export { type Logger, type LogLevel, logLevels } from './logger.ts';

// Errors

export { type TransportErrorCode, transportErrorCodes } from './errors.ts';
