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
export { type Cancel, type Clock, sleep } from './clock.ts';
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
export { closeFrame, type Frame } from './frame.ts';
export { type Gap, type GapReason, gapReasons, joinGaps } from './gap.ts';
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
export { realClock } from './real-clock.ts';
export { createSink, type Sink, type SinkOptions, type SinkWriter } from './sink.ts';
export { type Puller, pullSource, pushSource, type Source } from './source.ts';
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
