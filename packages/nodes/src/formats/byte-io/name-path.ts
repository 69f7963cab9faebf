import { isSluiceError, SluiceError } from '@sluice/core';

/** A parser knows no path; whoever reads the message wants it. */
export function namePath(path: string | undefined, error: unknown): unknown {
  if (path === undefined || !isSluiceError(error) || error.message.includes(path)) return error;
  return new SluiceError(error.code, `${path}: ${error.message}`, { cause: error });
}
