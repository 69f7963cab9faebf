import { checkBetween } from '../check-options.ts';
import { checkSecretSource, type SecretSource } from '../faults/secret-of.ts';
import { checkBaseUrl } from '../socket/socket-url.ts';

/** What every model of a service over sockets takes. */
export interface ServiceOptions {
  /** Where the service is: one of one's own, or in another region. Default: the service itself. */
  readonly baseUrl?: string;
  /** Where the key comes from, if `open({ secrets: { apiKey } })` has none. */
  readonly apiKey?: SecretSource;
  /** Until a connection is open, in milliseconds: 100 to 60,000. Default 10,000. */
  readonly connectMs?: number;
}

/** For `checkKeys` of a model: its own keys beside these. */
export const serviceKeys = { baseUrl: true, apiKey: true, connectMs: true } as const;

/**
 * Checks the values of shared options at once.
 *
 * @param name Of the model's factory, as it stands before the option in messages: `exampleSpeech`.
 * @throws TypeError, RangeError for a value that is not valid; what was given for a key is not shown
 */
export function checkServiceOptions(name: string, { baseUrl, apiKey, connectMs }: ServiceOptions): void {
  if (baseUrl !== undefined) checkBaseUrl(`${name}.baseUrl`, baseUrl);
  checkSecretSource(`${name}.apiKey`, apiKey);
  if (connectMs !== undefined) checkBetween(`${name}.connectMs`, connectMs, 100, 60_000);
}
