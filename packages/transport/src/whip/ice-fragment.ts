import type { HostIceCandidate } from '../host/media-host.ts';
import { candidatesOf } from './sdp-sections.ts';

/** What a PATCH says (RFC 8840): whose ICE it is of, and candidates of it. */
export interface IceFragment {
  readonly user: string;
  readonly password: string;
  readonly candidates: readonly HostIceCandidate[];
}

/** Lengths and letters of RFC 8839. */
const USER = /^a=ice-ufrag:([A-Za-z0-9+/]{4,256})\r?$/m;
const PASSWORD = /^a=ice-pwd:([A-Za-z0-9+/]{22,256})\r?$/m;

/** Undefined for what is no fragment: without a name and password, or with candidates of no m-line. */
export function readIceFragment(text: string): IceFragment | undefined {
  const [user, password] = [USER.exec(text)?.[1], PASSWORD.exec(text)?.[1]];
  if (user === undefined || password === undefined) return undefined;
  const candidates = candidatesOf(text);
  if (candidates.length === 0 && /^a=candidate:/m.test(text)) return undefined;
  return { user, password, candidates };
}

/** The description as if its writer had restarted ICE with this name and password. */
export function restarted(sdp: string, { user, password }: IceFragment): string {
  return sdp
    .replace(/^a=ice-ufrag:[^\r\n]*/gm, `a=ice-ufrag:${user}`)
    .replace(/^a=ice-pwd:[^\r\n]*/gm, `a=ice-pwd:${password}`);
}
