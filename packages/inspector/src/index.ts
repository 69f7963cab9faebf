// Looking at running graphs

export type { Arming, ArmOptions } from './attach/arm.ts';
export { type RecordInspectionOptions, recordInspection } from './attach/record-inspection.ts';
export type {
  InspectedCallOptions,
  InspectedFleetOptions,
  Inspector,
  InspectorOptions,
} from './attach/start-inspector.ts';
export { inspector } from './inspector.ts';

// Looking at recorded sessions

export { type ShownSession, type ShowSessionOptions, showSession } from './attach/show-session.ts';

// Finding those of other processes, and what they tell

export { lookAt } from './attach/look-at.ts';
export { listRunFiles, pageUrl, type RunFile, runFolder } from './attach/run-files.ts';

// What they told, for other tools

export type { Trace, TraceEvent } from './trace/trace-event.ts';
export { traceOf } from './trace/trace-of.ts';

// Calls that it shows

export type { CallParticipant, CallPath, CallPathEnd, CallTrack, InspectedCall, TrackGaps } from './protocol/calls.ts';

// Fleets that it shows

export type { InspectedFleet, InspectedJob, InspectedWorker, WorkerLoadRow } from './protocol/fleets.ts';

// The protocol, for those who write another page

export type { CallMember, CallSample, Calls, CallTrackRow } from './protocol/calls.ts';
export { changedSample } from './protocol/changes.ts';
export type { FleetSample, Fleets } from './protocol/fleets.ts';
export { INSPECT_PROTOCOL, inspectLimits } from './protocol/limits.ts';
export { decodePacket, type MediaPacket, type PacketKind } from './protocol/media-packet.ts';
export {
  type Answer,
  type FollowedHop,
  type GraphChange,
  type GraphSample,
  type GraphTopology,
  type Hello,
  type InspectEvent,
  type InspectMessage,
  type LinkColumn,
  type LinkTopology,
  linkColumns,
  type NodeColumn,
  type NodeControl,
  type NodeFault,
  type NodePort,
  type NodeTopology,
  nodeColumns,
  type Problem,
  type Sample,
  type SampleChange,
  type TakenControl,
  type Topology,
  type Vitals,
} from './protocol/messages.ts';
export { type InspectRequest, type ScopeKind, scopeKinds } from './protocol/requests.ts';
export type { TalkNews } from './protocol/talk.ts';

// Errors

export { type InspectorErrorCode, inspectorErrorCodes } from './errors.ts';
