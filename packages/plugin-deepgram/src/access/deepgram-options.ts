// How Deepgram is reached: address, key. Nothing of a single endpoint.

import {
  checkBaseUrl,
  checkSecretSource,
  type SecretSource,
  type ServiceIdentity,
  type SocketQuery,
  secretOf,
  socketUrl,
} from '@sluice/service';

/** What all models of this package take. */
export interface DeepgramOptions {
  /** Where the service is: one of one's own, or in another region. Default `https://api.deepgram.com`. */
  readonly baseUrl?: string;
  /** Where the key comes from, if `open({ secrets: { apiKey } })` has none. */
  readonly apiKey?: SecretSource;
}

/** For `checkKeys` of a model: its own keys beside these. */
export const deepgramKeys = { baseUrl: true, apiKey: true } as const;

const DEEPGRAM_URL = 'https://api.deepgram.com';

/** Checks the values of shared options at once. */
export function checkDeepgramOptions(name: string, { baseUrl = DEEPGRAM_URL, apiKey }: DeepgramOptions): void {
  checkBaseUrl(`${name}.baseUrl`, baseUrl);
  checkSecretSource(`${name}.apiKey`, apiKey);
}

/** What a session needs to connect. */
export interface DeepgramAccess {
  readonly identity: ServiceIdentity;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The access of a session of the model so named.
 *
 * @throws VoiceError `give-up` without a key
 */
export async function deepgramAccess(
  model: string,
  { apiKey }: DeepgramOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<DeepgramAccess> {
  const identity = { model, service: 'Deepgram' };
  const key = (await secretOf(identity, secrets, apiKey, true)) ?? '';
  return { identity: { ...identity, secrets: [key] }, headers: { authorization: `Token ${key}` } };
}

/** The address of an endpoint. */
export function deepgramUrl({ baseUrl = DEEPGRAM_URL }: DeepgramOptions, path: string, query: SocketQuery): URL {
  return socketUrl(baseUrl, path, query);
}
