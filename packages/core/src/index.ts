// Time

export { type Cancel, type Clock, sleep } from './clock.ts';
export { realClock } from './real-clock.ts';
export {
  type Micros,
  type Millis,
  micros,
  microsToMillis,
  microsToSamples,
  millis,
  millisToMicros,
  samplesToMicros,
} from './time.ts';

// What flows

export {
  type AudioFormat,
  channelRange,
  checkChannels,
  checkSampleRate,
  describeAudioFormat,
  sameAudioFormat,
  sampleRateRange,
} from './audio-format.ts';
export { AudioFrame, type AudioFrameInit, audioFrame } from './audio-frame.ts';
export {
  channelMaskOf,
  channelSpeakers,
  checkChannelMask,
  defaultChannelMask,
  type Speaker,
  sameAudioStream,
  sameChannelLayout,
  speakers,
} from './channel-layout.ts';
export {
  bytesPerPixel,
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  colorFormats,
  colorSpaces,
  isColorFormat,
} from './color-format.ts';
export { cloneFrame, closeFrame, type Frame, idsOf, type Utterance } from './frame.ts';
export { type Gap, type GapReason, gapReasons, joinGaps } from './gap.ts';
export {
  type Allowed,
  type AudioConstraint,
  type AudioMediaFormat,
  describeConstraint,
  describeFormat,
  isAudioFormat,
  isVideoFormat,
  type MediaConstraint,
  type MediaFormat,
  satisfies,
  type VideoConstraint,
  type VideoMediaFormat,
} from './media-format.ts';
export {
  checkPictureBytes,
  checkVideoFormat,
  checkVideoSize,
  defaultMaxPixels,
  describeVideoFormat,
  dimensionRange,
  sameVideoFormat,
  type VideoFormat,
  videoByteLength,
} from './video-format.ts';
export {
  VideoFrame,
  type VideoFrameInit,
  type VideoFrameMeta,
  type VideoFrameRetiming,
  videoFrame,
} from './video-frame.ts';
export {
  VideoFramePool,
  type VideoFramePoolOptions,
  type VideoFramePoolStats,
  videoFramePool,
} from './video-frame-pool.ts';

// Graphs

export type {
  Flow,
  InputPort,
  LinkRef,
  NodeHandle,
  NodeOptions,
  NodeRef,
  PipedFlow,
  SinkRef,
} from './flow.ts';
export {
  type Graph,
  type GraphChange,
  type GraphOptions,
  graph,
  type InterruptOptions,
  type InterruptReport,
} from './graph.ts';
export type { BlueprintHandle, GraphScope } from './graph-scope.ts';
export { type LinkCapacity, type LinkOptions, type OverflowPolicy, overflowPolicies } from './link-options.ts';
export { type FailureAction, failureActions, type RestartBudget, type Supervision } from './supervision.ts';

// Looking inside

export { graphChannel, interruptChannel, nodeChannel } from './channels.ts';
export type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from './inspect.ts';
export { Histogram } from './runtime/histogram.ts';
export type { SinkInterruption } from './runtime/interrupt-tally.ts';

// Asynchronous and heavy operators

export { type BoundedOptions, bounded } from './bounded.ts';
export { inWorker, type WorkerOptions } from './in-worker.ts';
export { type MapAsyncOptions, mapAsync } from './map-async.ts';

// Writing operators, sources and sinks

export {
  type ActorContext,
  actorContext,
  type ControlMessage,
  detachedContext,
  type Interruption,
  type Waiting,
  withContext,
} from './actor-context.ts';
export { BareFlow } from './bare-flow.ts';
export { CreditContext, type CreditOptions, withCredit } from './credit-context.ts';
export {
  describeOperator,
  NODE,
  type OperatorSpec,
  operatorSpec,
  type SinkSpec,
  type SourceSpec,
} from './node-spec.ts';
export { createOperator, type OperatorHandlers } from './operator.ts';
export { PauseWatch } from './pause-watch.ts';
export { createSink, type Sink, type SinkOptions, type SinkWriter } from './sink.ts';
export { type Puller, pullSource, pushSource, type Source } from './source.ts';

// Sinks on one timeline

export {
  type FollowOptions,
  type SkewStatistics,
  type SyncGroup,
  type SyncGroupOptions,
  type SyncMemberStatistics,
  type SyncStatistics,
  syncGroup,
} from './sync/sync-group.ts';

// Nodes with named ports

export {
  defineNode,
  type Emission,
  type NodeBlueprint,
  type NodeContext,
  type NodeDefinition,
  type NodeHandlers,
  type Ports,
} from './define-node.ts';
export type { NodeArguments } from './node-options.ts';
export { audioPort, type FrameOf, framePort, type PortSpec, videoPort } from './port.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';

// Errors

export { checkKeys, type KeysOf, nearestName, unknownKey } from './check-keys.ts';
export {
  type CoreErrorCode,
  coreErrorCodes,
  type ErrorDetails,
  invalidArgument,
  isSluiceError,
  outOfRange,
  SluiceError,
  toError,
} from './errors.ts';
export type { WarnLogger } from './runtime/doubt-log.ts';
