import type { IceSettings } from '../media-host.ts';

/** ICE settings as the wire carries them: nothing but what is known, in arrays of its own. */
export function copyIce({ iceServers, iceTransportPolicy }: IceSettings) {
  const servers = iceServers?.map(({ urls, username, credential }) => ({
    urls: typeof urls === 'string' ? urls : [...urls],
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }));
  return {
    ...(servers !== undefined && { iceServers: servers }),
    ...(iceTransportPolicy !== undefined && { iceTransportPolicy }),
  };
}
