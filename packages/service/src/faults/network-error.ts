import { toError } from '@sluice/core';
import type { VoiceError } from '@sluice/core/voice';
import { type ServiceIdentity, serviceError } from './service-error.ts';

/** Faults of a certificate stay until somebody changes something. */
const CERTIFICATE = /CERT|SELF_SIGNED|ERR_TLS|UNABLE_TO/;

/** The error for what the network did, by `fetch` or `ws`: mostly `retry`; `give-up` for a certificate or a header. */
export function networkError(identity: ServiceIdentity, what: string, reason: unknown): VoiceError {
  const error = toError(reason);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown }).code;
  // Only what cannot be sent at all has no code: an address or a header that is none.
  const lasting = error instanceof TypeError && (typeof code !== 'string' || CERTIFICATE.test(code));
  const detail = cause.message === '' ? error.message : cause.message;
  return serviceError({
    ...identity,
    category: lasting || (typeof code === 'string' && CERTIFICATE.test(code)) ? 'give-up' : 'retry',
    ...(typeof code === 'string' ? { code } : {}),
    message: `${what}: ${detail === '' ? 'no connection' : detail}`,
    cause: reason,
  });
}
