import type { ErrorCategory, VoiceError } from '@sluice/core/voice';
import { type ServiceIdentity, serviceError } from '@sluice/service';
import type { WireError } from './wire-events.ts';

const CATEGORIES: Readonly<Record<string, ErrorCategory>> = {
  session_expired: 'retry',
  server_error: 'retry',
  rate_limit_exceeded: 'wait',
  rate_limit_error: 'wait',
  insufficient_quota: 'give-up',
  invalid_api_key: 'give-up',
  authentication_error: 'give-up',
  model_not_found: 'give-up',
  conversation_already_has_active_response: 'retry',
};

/** The error for what the service says went wrong. */
export function faultOf(identity: ServiceIdentity, { type, code, message }: WireError): VoiceError {
  const category = CATEGORIES[code ?? ''] ?? CATEGORIES[type ?? ''] ?? 'give-up';
  const mark = code ?? type;
  return serviceError({
    ...identity,
    category,
    message: message ?? 'it says that something went wrong',
    ...(mark === undefined ? {} : { code: mark }),
  });
}
