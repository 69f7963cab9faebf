import { SluiceError } from '@sluice/core';

/** Codes of errors that are raised by the media host. */
export const hostErrorCodes = ['SLUICE_HOST_UNAVAILABLE', 'SLUICE_HOST_CLOSED', 'SLUICE_HOST_NEGOTIATION'] as const;

export function hostUnavailable(what: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_HOST_UNAVAILABLE', what, {
    fix: 'Look at the cause; install dependencies with npm ci on a supported platform',
    cause,
  });
}

/** A call on a source, connection or host that was closed, or whose engine died. */
export function hostClosed(what: string): SluiceError {
  return new SluiceError('SLUICE_HOST_CLOSED', `${what} is closed`, { fix: 'Make a new one' });
}

/** The engine refused a description or candidate. */
export function negotiationFailed(step: string, cause: Error): SluiceError {
  return new SluiceError('SLUICE_HOST_NEGOTIATION', `the engine refused ${step}: ${cause.message}`, {
    fix: 'Roll back and make a new offer',
    cause,
  });
}
