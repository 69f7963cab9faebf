// How ElevenLabs is reached: address, key, what its words for a fault mean. Nothing of a single endpoint.

import type { ErrorCategory, VoiceError } from '@sluice/core/voice';
import { type ServiceIdentity, type ServiceOptions, type ServicePlace, serviceError } from '@sluice/service';

/** What all models of this package take. */
export interface ElevenLabsOptions extends ServiceOptions {
  /** Where the service is: another region, for example. Default `https://api.elevenlabs.io`. */
  readonly baseUrl?: string;
}

export const ELEVEN_LABS: ServicePlace = {
  service: 'ElevenLabs',
  baseUrl: 'https://api.elevenlabs.io',
  keyHeader: (key) => ({ 'xi-api-key': key }),
};

/** What helps, by the service's own words for its faults. Others are worth another try. */
const CATEGORIES: readonly (readonly [RegExp, ErrorCategory | 401])[] = [
  [/auth|api_?key|unauthori|permission/i, 401],
  [/quota|unaccepted_terms|not_found|payment|subscription|invalid_request/i, 'give-up'],
  [/rate_limit|too_many|concurren|busy|resource_exhausted|queue_overflow/i, 'wait'],
  [/input_error|chunk_size|not_supported/i, 'fall-back'],
];

/** The error for a fault that the service names in a message. */
export function saidError(identity: ServiceIdentity, code: string, message: string): VoiceError {
  const meant = CATEGORIES.find(([pattern]) => pattern.test(code))?.[1] ?? 'retry';
  return serviceError({
    ...identity,
    code,
    message: message === '' ? 'it reports a fault' : message,
    ...(meant === 401 ? { status: 401 } : { category: meant }),
  });
}
