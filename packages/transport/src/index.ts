// Calls
export type { AudioRendererCallback, AudioRendererOptions } from './call/audio-renderer.ts';
export {
  CallClient,
  type CallClientOptions,
  type ClientSettings,
  type CustomAudioTrackOptions,
  type JoinOptions,
  type JoinResult,
} from './call/call-client.ts';
export type { CallDevices } from './call/call-devices.ts';
export {
  type CallEvents,
  type CallState,
  callStates,
  type LeftReason,
  leftReasons,
  type NetworkConnection,
} from './call/call-events.ts';
export type { Completion, DataCompletion, OperationOptions } from './call/completion.ts';
export { fromParticipantAudio } from './call/from-participant-audio.ts';
export type {
  AudioInputSettings,
  AudioInputUpdate,
  InputSettings,
  InputSettingsUpdate,
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
} from './call/publishing.ts';
export type {
  MediaSubscription,
  ParticipantSubscription,
  SubscriptionProfilesUpdate,
  SubscriptionState,
  SubscriptionsUpdate,
} from './call/subscriptions.ts';
// Errors
export { type TransportErrorCode, transportErrorCodes } from './errors.ts';
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
// Rooms
export { createRoomApp, type RoomApp, type RoomAppOptions } from './room/room-app.ts';
export { type RoomServer, type RoomServerOptions, startRoomServer } from './room/room-server.ts';
export type { TokenGrant, VerifyToken } from './room/room-tokens.ts';
