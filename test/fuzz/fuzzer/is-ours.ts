import { isSluiceError } from '@sluice/core';

const ARGUMENT_CODES: readonly unknown[] = ['SLUICE_INVALID_ARGUMENT', 'SLUICE_OUT_OF_RANGE'];

/** Whether an error is one of those that docs/errors.md has: `SluiceError`, and `TypeError` and `RangeError` with our codes. */
export function isOurs(error: unknown): boolean {
  if (isSluiceError(error)) return true;
  if (!(error instanceof TypeError || error instanceof RangeError)) return false;
  return ARGUMENT_CODES.includes((error as { code?: unknown }).code);
}
