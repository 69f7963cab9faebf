// Media of any form, by ffmpeg

export { type FromMediaOptions, fromMedia, type MediaSources } from './from-media.ts';
export {
  type AudioStreamInfo,
  type Loudness,
  type MediaInfo,
  type ProbeMediaOptions,
  probeMedia,
  type VideoStreamInfo,
} from './probe-media.ts';
export { type MediaFileResult, type ToMediaOptions, toMedia } from './to-media.ts';

// Errors

export { type FfmpegErrorCode, ffmpegErrorCodes } from './errors.ts';
