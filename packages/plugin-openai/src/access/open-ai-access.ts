import { type SecretSource, type ServiceIdentity, secretOf } from '@sluice/service';
import { OPEN_AI_URL, type OpenAiOptions } from './open-ai-options.ts';

/** What a session needs to ask the service. */
export interface OpenAiAccess {
  readonly identity: ServiceIdentity;
  /** With the key, if there is one. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The access of a session of the model so named.
 *
 * @throws VoiceError `give-up` where OpenAI itself would be asked without a key
 */
export async function openAiAccess(
  model: string,
  options: OpenAiOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<OpenAiAccess> {
  const { baseUrl = OPEN_AI_URL, apiKey, headers = {} } = options;
  const own = new URL(baseUrl).host === new URL(OPEN_AI_URL).host;
  const service = options.service ?? (own ? 'OpenAI' : new URL(baseUrl).host);
  const key = await secretOf({ model, service }, secrets, apiKey satisfies SecretSource | undefined, own);
  return {
    identity: { model, service, secrets: key === undefined ? [] : [key] },
    headers: { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
  };
}

/** The address of an endpoint: `chat/completions`. */
export function openAiUrl({ baseUrl = OPEN_AI_URL }: OpenAiOptions, path: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}
