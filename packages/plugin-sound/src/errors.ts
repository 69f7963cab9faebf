// How pictures of sound fail.

import { SluiceError } from '@sluice/core';

/** Codes of errors that are raised by this package. */
export const soundErrorCodes = ['SLUICE_SOUND_PICTURE'] as const;
/** The code of a fault of a picture of sound. */
export type SoundErrorCode = (typeof soundErrorCodes)[number];

/** For a picture that cannot be made or written. */
export function pictureError(path: string, cause: Error): SluiceError<SoundErrorCode> {
  return new SluiceError('SLUICE_SOUND_PICTURE', `the picture ${path} cannot be written: ${cause.message}`, {
    expected: 'a path in a folder that can be written to',
    received: path,
    fix: 'Make the folder, or choose another path',
    cause,
  });
}
