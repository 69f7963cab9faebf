// How ffmpeg fails, in words of this package. No process and no frame.

import { type ErrorDetails, SluiceError } from '@sluice/core';

/** Codes of errors that are raised by this package. */
export const ffmpegErrorCodes = [
  'SLUICE_FFMPEG_MISSING',
  'SLUICE_FFMPEG_FAILED',
  'SLUICE_FFMPEG_DAMAGED',
  'SLUICE_FFMPEG_WRITE',
] as const;
/** The code of a fault of ffmpeg. */
export type FfmpegErrorCode = (typeof ffmpegErrorCodes)[number];

/** A fault of ffmpeg, with one of its codes. */
export function ffmpegError(code: FfmpegErrorCode, what: string, details?: ErrorDetails): SluiceError<FfmpegErrorCode> {
  return new SluiceError(code, what, details);
}
