// How OpenAI, or a service that speaks as it does, is reached: address, key, deadlines. Nothing of a single endpoint.

import { invalidArgument, outOfRange } from '@sluice/core';
import { checkSecretSource, type SecretSource } from '@sluice/service';

/** What all models of this package take. */
export interface OpenAiOptions {
  /**
   * Where the service is, with the version: `http://localhost:8080/v1` for one of one's own. Default
   * `https://api.openai.com/v1`.
   */
  readonly baseUrl?: string;
  /** Where the key comes from, if `open({ secrets: { apiKey } })` has none. Only OpenAI itself cannot do without. */
  readonly apiKey?: SecretSource;
  /** Further headers: `{ 'openai-project': 'proj_…' }`. Not for keys: these may be shown. */
  readonly headers?: Readonly<Record<string, string>>;
  /** As errors call it. Default `OpenAI`, or the host of `baseUrl`. */
  readonly service?: string;
  /** Until the first byte of an answer, in milliseconds. Default 10,000. */
  readonly firstByteMs?: number;
  /** Between two pieces of an answer, in milliseconds. Default 10,000. */
  readonly silenceMs?: number;
  /** Further attempts before anything of an answer was told. Default 2. */
  readonly retries?: number;
}

/** For `checkKeys` of a model: its own keys beside these. */
export const openAiKeys = {
  baseUrl: true,
  apiKey: true,
  headers: true,
  service: true,
  firstByteMs: true,
  silenceMs: true,
  retries: true,
} as const;

export const OPEN_AI_URL = 'https://api.openai.com/v1';

/** Checks the values of shared options at once. */
export function checkOpenAiOptions(name: string, options: OpenAiOptions): void {
  const { baseUrl = OPEN_AI_URL, apiKey, retries = 2 } = options;
  if (!/^https?:$/.test(URL.canParse(baseUrl) ? new URL(baseUrl).protocol : ''))
    throw invalidArgument(`${name}.baseUrl`, 'an address of http: or https:', baseUrl);
  checkSecretSource(`${name}.apiKey`, apiKey);
  if (!(Number.isSafeInteger(retries) && retries >= 0))
    throw outOfRange(`${name}.retries`, 'an integer from 0', retries);
  for (const key of ['firstByteMs', 'silenceMs'] as const) {
    const ms = options[key] ?? 1;
    if (!(ms > 0)) throw outOfRange(`${name}.${key}`, 'milliseconds above 0', ms);
  }
}

/** The deadlines and attempts of a request, where they are given. */
export function waitsOf({ firstByteMs, silenceMs, retries }: OpenAiOptions) {
  return {
    ...(firstByteMs === undefined ? {} : { firstByteMs }),
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(retries === undefined ? {} : { retries }),
  };
}
