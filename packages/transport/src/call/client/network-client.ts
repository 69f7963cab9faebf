import type { Completion } from '../completion.ts';
import { checkIceConfig, type IceConfig } from '../ice-config.ts';
import { checkProxyUrl } from '../proxy-url.ts';
import { TelephonyClient } from './telephony-client.ts';

/** By which ways a call is made. */
export abstract class NetworkClient extends TelephonyClient {
  /**
   * STUN and TURN servers, before joining or in a call, where running connections look for their way anew. `null`: none,
   * which is the default. A server that does not answer delays nobody. When no TURN server gives a relay within 5 s, the
   * event `error` tells it with the code `SLUICE_CALL_RELAY` and the reason.
   *
   * @throws TypeError that names the server and what is wrong with it.
   */
  setIceConfig(config: IceConfig | null, completion?: Completion): Promise<void> {
    return this.parts.update('setIceConfig', completion, () => {
      this.parts.network.ice = checkIceConfig(config);
      this.parts.call?.session.iceChanged();
    });
  }

  /**
   * An HTTP or HTTPS proxy (CONNECT) for the signalling, from the next join or reconnection on; `null`: none. Media does not go
   * through it: where UDP is blocked as well, a TURN server over TCP carries it.
   *
   * @throws TypeError for what is no URL of an HTTP proxy.
   */
  setProxyUrl(url: string | null, completion?: Completion): Promise<void> {
    return this.parts.update('setProxyUrl', completion, () => {
      this.parts.network.proxy = checkProxyUrl(url);
    });
  }
}
