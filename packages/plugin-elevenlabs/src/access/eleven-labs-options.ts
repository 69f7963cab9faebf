// How ElevenLabs is reached: address, key, what its words for a fault mean. Nothing of a single endpoint.

import type { ErrorCategory, VoiceError } from '@sluice/core/voice';
import {
  checkBaseUrl,
  checkSecretSource,
  type SecretSource,
  type ServiceIdentity,
  type SocketQuery,
  secretOf,
  serviceError,
  socketUrl,
} from '@sluice/service';

/** What all models of this package take. */
export interface ElevenLabsOptions {
  /** Where the service is: another region, for example. Default `https://api.elevenlabs.io`. */
  readonly baseUrl?: string;
  /** Where the key comes from, if `open({ secrets: { apiKey } })` has none. */
  readonly apiKey?: SecretSource;
}

/** For `checkKeys` of a model: its own keys beside these. */
export const elevenLabsKeys = { baseUrl: true, apiKey: true } as const;

const ELEVEN_LABS_URL = 'https://api.elevenlabs.io';

/** Checks the values of shared options at once. */
export function checkElevenLabsOptions(name: string, { baseUrl = ELEVEN_LABS_URL, apiKey }: ElevenLabsOptions): void {
  checkBaseUrl(`${name}.baseUrl`, baseUrl);
  checkSecretSource(`${name}.apiKey`, apiKey);
}

/** What a session needs to connect. */
export interface ElevenLabsAccess {
  readonly identity: ServiceIdentity;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The access of a session of the model so named.
 *
 * @throws VoiceError `give-up` without a key
 */
export async function elevenLabsAccess(
  model: string,
  { apiKey }: ElevenLabsOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<ElevenLabsAccess> {
  const identity = { model, service: 'ElevenLabs' };
  const key = (await secretOf(identity, secrets, apiKey, true)) ?? '';
  return { identity: { ...identity, secrets: [key] }, headers: { 'xi-api-key': key } };
}

/** The address of an endpoint. */
export function elevenLabsUrl({ baseUrl = ELEVEN_LABS_URL }: ElevenLabsOptions, path: string, query: SocketQuery): URL {
  return socketUrl(baseUrl, path, query);
}

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
