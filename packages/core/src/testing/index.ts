// Measuring audio

// Time
export { VirtualClock } from '../virtual-clock.ts';
export { type Alignment, type AlignOptions, align } from './align.ts';
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
} from './audio-assertions.ts';
export { type AudioGap, type FindGapsOptions, findGaps, type GapReport } from './find-gaps.ts';
export { channelOf, FULL_SCALE, fromDbfs, peak, rms, samplesOf, toDbfs } from './levels.ts';
export { type MeasureToneOptions, measureTone, type ToneMeasurement } from './measure-tone.ts';
export { type SnrMeasurement, snr } from './snr.ts';
// Making signals
export {
  seededRandom,
  type TestNoiseOptions,
  type TestToneOptions,
  testNoise,
  testTone,
} from './test-signals.ts';
export {
  type ToneBreak,
  type ToneBreakKind,
  type ToneContinuity,
  type ToneContinuityOptions,
  toneBreakKinds,
  toneContinuity,
} from './tone-continuity.ts';
