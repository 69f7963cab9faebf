// Media of any form, by ffmpeg

export type { EncodingProgress, OnProgress } from './encoding-progress.ts';
export { type FromMediaOptions, fromMedia } from './from-media.ts';
export { type FromLiveMediaOptions, fromLiveMedia } from './live/from-live-media.ts';
export type { MediaSources } from './media-sources.ts';
export type { MoviePicturesResult } from './movie-pictures.ts';
export type { MovieSoundResult } from './movie-sound.ts';
export {
  type AudioStreamInfo,
  type Loudness,
  type MediaInfo,
  type ProbeMediaOptions,
  probeMedia,
  type VideoStreamInfo,
} from './probe-media.ts';
export type { SoundCounts } from './sound-bytes.ts';
export { type MediaFileResult, type ToMediaOptions, toMedia } from './to-media.ts';
export {
  type MoviePicturesOptions,
  type MovieSinks,
  type MovieSoundOptions,
  type ToMovieOptions,
  toMovie,
} from './to-movie.ts';

// Errors

export { type FfmpegErrorCode, ffmpegErrorCodes } from './errors.ts';
