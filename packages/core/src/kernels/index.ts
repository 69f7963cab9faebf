// Everything in one: sample rate and channels of a stream
export { AudioConverter, type AudioConverterOptions } from './audio-converter.ts';
// Sample formats
export { floatToInt16, int16ToFloat, toInt16 } from './int16.ts';
// Sample rates
export { type ResampleQuality, resampleDelay, resampleQualities } from './polyphase-filter.ts';
// Channels
export { checkMatrix, createRemixer, type RemixMatrix, type RemixOptions, remixMatrix } from './remix.ts';
export { checkQuality, Resampler, type ResamplerOptions } from './resampler.ts';
