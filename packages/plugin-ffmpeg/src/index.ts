// Media of any form, by ffmpeg

export { type FromLiveMediaOptions, fromLiveMedia } from './live/from-live-media.ts';
export { type FromMediaOptions, fromMedia } from './reading/from-media.ts';
export type { MediaSources } from './reading/media-sources.ts';
export {
  type AudioStreamInfo,
  type Loudness,
  type MediaInfo,
  type ProbeMediaOptions,
  probeMedia,
  type VideoStreamInfo,
} from './reading/probe-media.ts';
export type { EncodingProgress, OnProgress } from './writing/encoding-progress.ts';
export type { MoviePicturesResult } from './writing/movie-pictures.ts';
export type { MovieSoundResult } from './writing/movie-sound.ts';
export type { SoundCounts } from './writing/sound-bytes.ts';
export { type MediaFileResult, type ToMediaOptions, toMedia } from './writing/to-media.ts';
export {
  type MoviePicturesOptions,
  type MovieSinks,
  type MovieSoundOptions,
  type ToMovieOptions,
  toMovie,
} from './writing/to-movie.ts';

// Errors

export { type FfmpegErrorCode, ffmpegErrorCodes } from './errors.ts';
