// Sources

export { type FromFramesOptions, fromFrames } from './from-frames.ts';
export { type FromPcmOptions, fromPcm } from './from-pcm.ts';
export { type FromSilenceOptions, fromSilence } from './from-silence.ts';
export { type FromToneOptions, fromTone } from './from-tone.ts';
export { type FromWavFileOptions, fromWavFile } from './from-wav-file.ts';
export type { Waveform } from './kernels/waveform.ts';

// Operators

export { type RemixOptions, remix } from './remix.ts';
export { type ResampleOptions, resample } from './resample.ts';

// Sinks

export { type FramesSink, type ToFramesOptions, toFrames } from './to-frames.ts';
export { type NullResult, toNull } from './to-null.ts';
export { type PcmResult, type ToPcmOptions, toPcm } from './to-pcm.ts';
export { type ToWavFileOptions, toWavFile, type WavFileResult } from './to-wav-file.ts';

// Errors

export { type NodesErrorCode, nodesErrorCodes } from './errors.ts';
