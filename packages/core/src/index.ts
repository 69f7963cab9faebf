// Time

// Writing operators, sources and sinks
export {
  type ActorContext,
  actorContext,
  type ControlMessage,
  detachedContext,
  type Interruption,
  withContext,
} from './actor-context.ts';
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
export { type BoundedOptions, bounded } from './bounded.ts';
export { graphChannel, interruptChannel, nodeChannel } from './channels.ts';
export { type Cancel, type Clock, sleep } from './clock.ts';
export { CreditContext, type CreditOptions, withCredit } from './credit-context.ts';
// Nodes with named ports
export {
  defineNode,
  type NodeBlueprint,
  type NodeContext,
  type NodeDefinition,
  type NodeHandlers,
  type Ports,
} from './define-node.ts';
// Errors
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
export type { Flow, InputPort, LinkRef, NodeHandle, NodeOptions, NodeRef } from './flow.ts';
export { closeFrame, type Frame, shareFrame } from './frame.ts';
export { type Gap, type GapReason, gapReasons, joinGaps } from './gap.ts';
// Graphs
export {
  type Graph,
  type GraphChange,
  type GraphOptions,
  graph,
  type InterruptOptions,
  type InterruptReport,
} from './graph.ts';
export type { BlueprintHandle, GraphScope } from './graph-scope.ts';
export { inWorker, type WorkerOptions } from './in-worker.ts';

// Looking inside
export type { GraphSnapshot, LinkSnapshot, NodeSnapshot } from './inspect.ts';
export { type LinkCapacity, type LinkOptions, type OverflowPolicy, overflowPolicies } from './link-options.ts';
export { type MapAsyncOptions, mapAsync } from './map-async.ts';
export {
  type AudioConstraint,
  type AudioMediaFormat,
  describeConstraint,
  describeFormat,
  isAudioFormat,
  type MediaConstraint,
  type MediaFormat,
  satisfies,
} from './media-format.ts';
export { describeOperator, NODE, type OperatorSpec, type SinkSpec, type SourceSpec } from './node-spec.ts';
export { createOperator, type OperatorHandlers } from './operator.ts';
export { audioPort, type FrameOf, framePort, type PortSpec } from './port.ts';
export { realClock } from './real-clock.ts';
export { Histogram } from './runtime/histogram.ts';
export { createSink, type Sink, type SinkOptions, type SinkWriter } from './sink.ts';
export { type Puller, pullSource, pushSource, type Source } from './source.ts';
export type { SchemaIssue, SchemaResult, StandardSchema } from './standard-schema.ts';
export { type FailureAction, failureActions, type RestartBudget, type Supervision } from './supervision.ts';
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
