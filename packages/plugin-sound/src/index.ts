// Loudness

export {
  type LoudnessOperator,
  type LoudnessOptions,
  type LoudnessReading,
  loudness,
} from './audio/loudness.ts';
export { type LoudnessMeasurement, type MeasureLoudnessOptions, measureLoudness } from './audio/measure-loudness.ts';

// Levels

export { type AgcOperator, type AgcOptions, agc } from './audio/agc.ts';
export { type CompressorOperator, type CompressorOptions, compressor } from './audio/compressor.ts';

// Spectrum

export { type EqualizerOperator, type EqualizerOptions, equalizer } from './audio/equalizer.ts';
export { type EqualizerBand, type EqualizerBandType, equalizerBandTypes } from './kernels/equalizer-band.ts';

// Tempo

export { type TimeStretchOperator, type TimeStretchOptions, timeStretch } from './audio/time-stretch.ts';

// For `sluice conform` and test runners

export { conformance } from './conformance.ts';
