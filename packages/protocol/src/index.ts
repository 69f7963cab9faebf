// The signalling of embedded rooms: messages and their schemas, limits, permissions, names of errors. Runs in Node and
// in a page; knows no socket, no media and no clock.

export {
  type Ask,
  type Denial,
  denials,
  type Grant,
  type InputsUpdate,
  type RemoteParticipantUpdate,
  remoteParticipantUpdate,
} from './asks.ts';
export { jobName } from './fields.ts';
export { limits } from './limits.ts';
export { CandidateBound } from './links/candidate-bound.ts';
export { ChangePace } from './links/change-pace.ts';
export { LinkGate, type LinkGateOptions } from './links/link-gate.ts';
export { type LinkState, MediaWatch, type MediaWatchOptions } from './links/media-watch.ts';
export { type Newcomer, NewcomerGate } from './links/newcomer-gate.ts';
export { OfferPace } from './links/offer-pace.ts';
export { PeerWishes } from './links/peer-wishes.ts';
export { type RestartedLink, RestartPace, type RestartPaceOptions, RestartWear } from './links/restart-pace.ts';
export type { Timers } from './links/timers.ts';
export { TokenBucket, type TokenBucketOptions } from './links/token-bucket.ts';
export {
  type ClientMessage,
  type LeaveReason,
  leaveReasons,
  PROTOCOL,
  parseClientMessage,
  parseServerMessage,
  type Refusal,
  type RoomInfo,
  type RoomParticipantInfo,
  type RoomTrackInfo,
  refusals,
  type ServerMessage,
  type WaitingInfo,
} from './messages.ts';
export { bodyFault, type PeerBody } from './peer-body.ts';
export {
  type AdminKind,
  adminKinds,
  defaultPermissions,
  mayReceive,
  maySend,
  type Permissions,
  type PermissionsUpdate,
  permissionsUpdate,
  type ReceivePermission,
  type SendKind,
  sendKinds,
  updatedPermissions,
} from './permissions.ts';
export { ProtocolFault } from './protocol-fault.ts';
export { ReplayBuffer, type ReplayLimits } from './replay-buffer.ts';
export { isRoomName, roomOfPath } from './room-name.ts';
export { iceUser, mediaSections, withoutCandidates } from './sdp-policy.ts';
export { createId, createSecret, idOfBytes } from './secrets.ts';
export {
  type RecordingLayout,
  type RecordingSettings,
  type RecordingStatus,
  recordingSettings,
  type TranscriptionMessage,
  type TranscriptionSettings,
  type TranscriptionStatus,
  transcriptionSettings,
} from './services.ts';
export { asLine, json, line, lines, utf8Bytes } from './text.ts';
export { trackKind } from './track-kind.ts';
export { lowerQuality, type VideoQuality, videoQualities } from './video-quality.ts';
