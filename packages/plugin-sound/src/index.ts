// Loudness

export {
  type LoudnessOperator,
  type LoudnessOptions,
  type LoudnessReading,
  loudness,
} from './audio/loudness.ts';
export { type LoudnessMeasurement, type MeasureLoudnessOptions, measureLoudness } from './audio/measure-loudness.ts';

// For `sluice conform` and test runners

export { conformance } from './conformance.ts';
