// Time

export { type Cancel, type Clock, sleep } from './time/clock.ts';
export { realClock } from './time/real-clock.ts';
export { trackTimed } from './time/timed-work.ts';
export {
  type Micros,
  type Millis,
  micros,
  microsToMillis,
  microsToSamples,
  millis,
  millisToMicros,
  samplesToMicros,
} from './time/units.ts';

// What flows

export {
  type AudioFormat,
  channelRange,
  checkChannels,
  checkSampleRate,
  describeAudioFormat,
  sameAudioFormat,
  sameAudioStream,
  sampleRateRange,
} from './media/audio-format.ts';
export { AudioFrame, type AudioFrameInit, audioFrame } from './media/audio-frame.ts';
export {
  channelMaskOf,
  channelSpeakers,
  checkChannelMask,
  defaultChannelMask,
  type Speaker,
  sameChannelLayout,
  speakers,
} from './media/channel-layout.ts';
export {
  bytesPerPixel,
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  colorFormats,
  colorSpaces,
  isColorFormat,
} from './media/color-format.ts';
export { cloneFrame, closeFrame, type Frame, idsOf, type Utterance } from './media/frame.ts';
export { type Gap, type GapReason, gapReasons, joinGaps } from './media/gap.ts';
export {
  type GlitchCounts,
  type Glitches,
  GlitchTotals,
  glitchesSince,
  glitchRates,
  noGlitches,
} from './media/glitches.ts';
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
} from './media/media-format.ts';
export { SoundContinuity } from './media/sound-continuity.ts';
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
} from './media/video-format.ts';
export {
  VideoFrame,
  type VideoFrameInit,
  type VideoFrameMeta,
  type VideoFrameRetiming,
  videoFrame,
} from './media/video-frame.ts';
export {
  VideoFramePool,
  type VideoFramePoolOptions,
  type VideoFramePoolStats,
  videoFramePool,
} from './media/video-frame-pool.ts';

// Graphs

export type { Scope } from './graph/actors-in.ts';
export type {
  Flow,
  InputPort,
  LinkRef,
  NodeHandle,
  NodeOptions,
  NodeRef,
  PipedFlow,
  SinkRef,
} from './graph/flow.ts';
export { type Graph, type GraphOptions, graph } from './graph/graph.ts';
export type { GraphChange } from './graph/graph-change.ts';
export type { BlueprintHandle, GraphScope } from './graph/graph-scope.ts';
export type { InterruptOptions, InterruptReport } from './graph/interrupt.ts';
export type { PausedSink, PauseOptions, PauseReport, ResumeOptions } from './graph/pause.ts';
export type { NodePrefetch, PrefetchOptions } from './graph/prefetch.ts';
export type { LinkCapacity, LinkOptions } from './node/link-options.ts';
export { type FailureAction, failureActions, type RestartBudget, type Supervision } from './node/supervision.ts';
export { type OverflowPolicy, overflowPolicies } from './operators/overflow-policy.ts';

// Looking inside

export { knownCalls, rememberCall } from './graph/known-calls.ts';
export type { Diagnostic } from './graph/problems/diagnostic.ts';
export type { ControlSnapshot, GraphSnapshot, LinkSnapshot, NodeSnapshot, PortSnapshot } from './graph/snapshot.ts';
export { timeFrames } from './graph/time-frames.ts';
export { graphMetrics } from './metrics/graph-metrics.ts';
export { type MetricRow, metricRows } from './metrics/metric-rows.ts';
export { type GraphMetric, metricsOf } from './metrics/metrics-of.ts';
export { METRICS_TYPE, type Metric, type MetricSample, metricsText } from './metrics/metrics-text.ts';
export { prometheus, prometheusText } from './metrics/prometheus.ts';
export {
  type CallMessage,
  callChannel,
  type GraphMessage,
  graphChannel,
  type InterruptMessage,
  interruptChannel,
  type NodeMessage,
  nodeChannel,
  type TurnMessage,
  turnChannel,
} from './runtime/channels.ts';
export type { SinkInterruption } from './runtime/interrupt-tally.ts';
export type { FrameAges } from './runtime/links/arrivals.ts';
export { Histogram } from './time/histogram.ts';

// Operators of a function

export { filterFrames } from './operators/filter-frames.ts';
export { mapFrames } from './operators/map-frames.ts';

// Asynchronous and heavy operators

export { type BoundedOptions, bounded } from './operators/bounded.ts';
export { type MapAsyncOptions, mapAsync } from './operators/map-async.ts';
export { inWorker, type WorkerOptions } from './worker/in-worker.ts';

// Writing operators, sources and sinks

export {
  type ActorContext,
  actorContext,
  type ControlMessage,
  detachedContext,
  type Interruption,
  type Waiting,
  withContext,
} from './operators/actor-context.ts';
export { BareFlow } from './operators/bare-flow.ts';
export type { ControlSpec, ControlSpecs } from './operators/control-spec.ts';
export { CreditContext, type CreditOptions, withCredit } from './operators/credit-context.ts';
export { type HeldStretch, HeldStretches } from './operators/held-stretches.ts';
export { leasedWriter, type SinkLease } from './operators/leased-writer.ts';
export {
  describeOperator,
  NODE,
  type OperatorSpec,
  operatorSpec,
  type SinkSpec,
  type SourceSpec,
} from './operators/node-spec.ts';
export { createOperator, type OperatorHandlers } from './operators/operator.ts';
export { PauseWatch } from './operators/pause-watch.ts';
export { SampleMemory } from './operators/sample-memory.ts';
export { createSink, type Sink, type SinkOptions } from './operators/sink.ts';
export type { SinkWriter } from './operators/sink-writer.ts';
export { type FrameTarget, SoundConversion } from './operators/sound-conversion.ts';
export { type Puller, pullSource, pushSource, type Source } from './operators/source.ts';
export { type CreateStep, createStep, type StepHandlers } from './operators/step.ts';

// Sinks of devices that play

export type { PlayoutDevice, PlayoutState, PlayoutSummary } from './playout/playout-device.ts';
export { type PlayoutOutcome, type PlayoutReceipt, WriteRecord } from './playout/playout-receipt.ts';
export { type PlayoutSink, type PlayoutSinkOptions, playoutSink } from './playout/playout-sink.ts';

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
  type NodeFactory,
  type NodeHandlers,
  type Ports,
} from './node/define-node.ts';
export type { NodeArguments } from './node/node-options.ts';
export { isBlueprint, PLUGIN_CONTRACT } from './node/plugin-contract.ts';
export { audioPort, type FrameOf, framePort, type PortSpec, videoPort } from './node/port.ts';
export type { PrefetchContext, PrefetchProgress } from './node/prefetch.ts';
export type { JsonSchema } from './node/schema-keys.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './node/standard-schema.ts';

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
