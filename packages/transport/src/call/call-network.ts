import type { IceSettings } from '../host/media-host.ts';

/** By which ways a client makes its calls. */
export class CallNetwork {
  ice: IceSettings = {};
  proxy: URL | undefined;
}
