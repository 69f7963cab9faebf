// The testing kit, for our tests and those of others: doubles, probes, faults, measurements, conformance. No test
// runner: assertions throw plain errors.

// Measuring audio

export { type Alignment, type AlignOptions, align } from './sound/align.ts';
export { type AudioGap, type FindGapsOptions, findGaps, type GapReport } from './sound/find-gaps.ts';
export { channelOf, FULL_SCALE, fromDbfs, peak, rms, samplesOf, toDbfs } from './sound/levels.ts';
export { type MeasureToneOptions, measureTone, type ToneMeasurement } from './sound/measure-tone.ts';
export { type SnrMeasurement, snr } from './sound/snr.ts';
export {
  type ToneBreak,
  type ToneBreakKind,
  type ToneContinuity,
  type ToneContinuityOptions,
  toneBreakKinds,
  toneContinuity,
} from './sound/tone-continuity.ts';

// Asserting on audio

export {
  type ExpectNoGapsOptions,
  type ExpectSilenceOptions,
  type ExpectSnrOptions,
  type ExpectToneOptions,
  expectNoGaps,
  expectSilence,
  expectSnr,
  expectTone,
} from './sound/audio-assertions.ts';

// Measuring pictures, and asserting on them

export { type ExpectPsnrOptions, expectPsnr } from './pictures/picture-assertions.ts';
export { type PlaneName, type PsnrMeasurement, psnr } from './pictures/psnr.ts';
export { referenceConvertColor } from './pictures/reference-convert-color.ts';

// Making signals

export {
  seededRandom,
  type TestNoiseOptions,
  type TestToneOptions,
  testNoise,
  testTone,
} from './sound/test-signals.ts';

// Time

export { VirtualClock } from '../time/virtual-clock.ts';

// Running one node alone

export { ActorDouble, type ActorDoubleOptions, type InterruptionOutcome } from './actor-double.ts';
export { Harness, type HarnessOptions, harness, type Output } from './harness.ts';
export { NodeHarness, type NodeHarnessOptions, nodeHarness } from './node-harness.ts';
export { type Arrival, type ProbeSink, type ProbeSinkOptions, probeSink } from './probe-sink.ts';
export { type ProbeSource, probeSource } from './probe-source.ts';

// Checks for every operator and node

export type { AudioProfile } from './conformance/audio-checks.ts';
export type { Check } from './conformance/check.ts';
export {
  type CheckResult,
  type Conformance,
  type Conforming,
  type ConformKind,
  type ConformOptions,
  checklist,
  conform,
  conformanceChecks,
  type TestFunction,
} from './conformance/conform.ts';
export type { NodeProfile } from './conformance/node-profile.ts';
export type { VideoProfile } from './conformance/video-checks.ts';
export type { VoiceProfile } from './conformance/voice/voice-profile.ts';

// Watching ownership

export { type FrameObserver, frameObserver } from '../media/frame-observer.ts';
export { type FrameTracker, type OpenFrame, type TrackFramesOptions, trackFrames } from './track-frames.ts';

// Injecting faults

export {
  type BurstOptions,
  blockEventLoop,
  type DelayJitterOptions,
  type DropOptions,
  faults,
  type NeverResolveOptions,
  type StallOptions,
  type ThrowAtOptions,
} from './faults.ts';
