// Media of any form, by ffmpeg

export { type FromMediaOptions, fromMedia, type MediaSources } from './from-media.ts';

// Errors

export { type FfmpegErrorCode, ffmpegErrorCodes } from './errors.ts';
