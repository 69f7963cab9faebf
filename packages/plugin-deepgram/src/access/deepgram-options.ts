// How Deepgram is reached: address, key. Nothing of a single endpoint.

import type { ServiceOptions, ServicePlace } from '@sluice/service';

/** What all models of this package take. */
export interface DeepgramOptions extends ServiceOptions {
  /** Where the service is: one of one's own, or in another region. Default `https://api.deepgram.com`. */
  readonly baseUrl?: string;
}

export const DEEPGRAM: ServicePlace = {
  service: 'Deepgram',
  baseUrl: 'https://api.deepgram.com',
  keyHeader: (key) => ({ authorization: `Token ${key}` }),
};
