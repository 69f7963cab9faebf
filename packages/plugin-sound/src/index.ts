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

// Pictures

export type { PlotArea } from './pictures/canvas.ts';
export type { SoundPictureOptions, SoundPictureResult } from './pictures/picture-sink.ts';
export { type SpectrogramPictureOptions, toSpectrogramPicture } from './pictures/to-spectrogram-picture.ts';
export { toWaveformPicture } from './pictures/to-waveform-picture.ts';

// Errors

export { type SoundErrorCode, soundErrorCodes } from './errors.ts';

// For `sluice conform` and test runners

export { conformance } from './conformance.ts';
