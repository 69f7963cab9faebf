// How containers fail, in words of this package. No library and no frame.

import { type ErrorDetails, isSluiceError, SluiceError } from '@sluice/core';

/** Codes of errors that are raised by this package. */
export const containerErrorCodes = [
  'SLUICE_CONTAINER_READ',
  'SLUICE_CONTAINER_FORMAT',
  'SLUICE_CONTAINER_CODEC',
  'SLUICE_CONTAINER_DAMAGED',
  'SLUICE_CONTAINER_WRITE',
] as const;
/** The code of a fault of a container. */
export type ContainerErrorCode = (typeof containerErrorCodes)[number];

/** A fault of a container, with one of its codes. */
export function containerError(
  code: ContainerErrorCode,
  what: string,
  details?: ErrorDetails,
): SluiceError<ContainerErrorCode> {
  return new SluiceError(code, what, details);
}

/** Whatever the library threw while it read `name`; faults that are ours, as those of a disk, stay what they are. */
export function readingError(name: string, cause: unknown): SluiceError {
  if (isSluiceError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return containerError(
    'SLUICE_CONTAINER_FORMAT',
    `${name} is no container that can be read, or is damaged: ${reason}`,
    {
      expected: 'WAV, MP4, MOV, Matroska, WebM, Ogg, FLAC, MP3, ADTS or MPEG-TS',
      fix: 'Look at it with ffprobe; fromMedia of @sluice/plugin-ffmpeg reads more',
      cause,
    },
  );
}

/** Whatever failed while `name` was written. */
export function writingError(name: string, cause: unknown): SluiceError {
  if (isSluiceError(cause)) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return containerError('SLUICE_CONTAINER_WRITE', `${name} cannot be written: ${reason}`, {
    fix: 'Look at the disk, its room and the permissions of the folder',
    cause,
  });
}
