// How a service over sockets is reached by all models of a plugin: address, key, deadline. Nothing of a single endpoint.

import { secretOf } from '../faults/secret-of.ts';
import type { ServiceIdentity } from '../faults/service-error.ts';
import type { ServiceSocketOptions } from '../socket/socket-options.ts';
import { type SocketQuery, socketUrl } from '../socket/socket-url.ts';
import type { ServiceOptions } from './service-options.ts';

/** A service, whichever of its models is asked. */
export interface ServicePlace {
  /** As people know it: `Deepgram`. */
  readonly service: string;
  /** Where it is: `https://api.deepgram.com`. */
  readonly baseUrl: string;
  /** The header that carries the key. */
  readonly keyHeader: (key: string) => Readonly<Record<string, string>>;
}

/** What a session of a model needs to connect. */
export interface ServiceAccess {
  /** For errors; with the key among what no message may show. */
  readonly identity: ServiceIdentity;
  /** How to connect to an endpoint, for `open` of a `RecognitionProtocol` or a `SpeechProtocol`. */
  readonly socket: (
    path: string,
    query?: SocketQuery,
  ) => Omit<ServiceSocketOptions, 'onMessage' | 'onBinary' | 'onEnd'>;
}

/**
 * The access of a session.
 *
 * @param model The model's name: `deepgram-listen`.
 * @example
 * const keyHeader = (key: string) => ({ authorization: `Bearer ${key}` });
 * const place = { service: 'Example', baseUrl: 'https://api.example.com', keyHeader };
 * const access = await serviceAccess(place, 'example-speech', {}, { apiKey });
 * const protocol: Pick<SpeechProtocol, 'open'> = { open: () => access.socket('/v1/speak', { voice: 'anna' }) };
 * @throws VoiceError `give-up` without a key
 */
export async function serviceAccess(
  { service, baseUrl: own, keyHeader }: ServicePlace,
  model: string,
  { baseUrl = own, apiKey, connectMs }: ServiceOptions,
  secrets: Readonly<Record<string, string>>,
): Promise<ServiceAccess> {
  const key = await secretOf({ model, service }, secrets, apiKey, true);
  const identity = { model, service, secrets: [key] };
  const headers = keyHeader(key);
  return {
    identity,
    socket: (path, query = {}) => ({
      identity,
      headers,
      url: socketUrl(baseUrl, path, query),
      ...(connectMs === undefined ? {} : { connectMs }),
    }),
  };
}
