import { SluiceError } from '@sluice/core';
import type { HostDeath } from './media-host.ts';

export function hostUnavailable(
  what: string,
  cause?: unknown,
  fix = 'Look at the cause; install dependencies with npm ci on a supported platform',
): SluiceError {
  return new SluiceError('SLUICE_HOST_UNAVAILABLE', what, { fix, cause });
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

/** A call that was under way when the engine's process died. */
export function hostDown(): SluiceError {
  return new SluiceError('SLUICE_HOST_DOWN', 'the process of the media engine died before it answered', {
    fix: 'It is started again by itself: make connections and sources anew',
  });
}

export function hostFailed(death: HostDeath): SluiceError {
  return new SluiceError(
    'SLUICE_HOST_FAILED',
    'the process of the media engine died too often and no other came to stay',
    {
      received: `death ${death.count}, ${death.signal === null ? `exit status ${death.exitCode}` : death.signal}`,
      fix: 'Call Daily.deinit() and Daily.init() to try again, and report what made it die',
    },
  );
}
