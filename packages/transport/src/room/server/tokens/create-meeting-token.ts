import type { KeyObject } from 'node:crypto';
import { invalidArgument, outOfRange } from '@sluice/core';
import { createId, type PermissionsUpdate } from '@sluice/protocol';
import { SignJWT } from 'jose';
import * as v from 'valibot';
import { isoTime } from '../iso-time.ts';
import { readFields } from '../read-fields.ts';
import { grantEntries, MOST_SECONDS, namesItsRooms, TOKEN_ALGORITHM, TOKEN_TYPE } from './meeting-claims.ts';
import { type TokenSecret, tokenKey } from './token-key.ts';

/** What a meeting token shall grant. */
export interface MeetingTokenClaims {
  /** The one room it opens, spelt as the room is. */
  readonly room?: string;
  /** Instead of `room`: it opens every room of the server. */
  readonly anyRoom?: true;
  /** Whether its bearer may do everything in the room. Default: false. */
  readonly owner?: boolean;
  /** The bearer's name, which they cannot choose then. */
  readonly name?: string;
  /** Shown to the others as `info.userId`. */
  readonly userId?: string;
  /** What its bearer may do, beside what the room says. */
  readonly permissions?: PermissionsUpdate;
  /** The job of a fleet whose bot its bearer may be, as the lease that it joins with names it. Default: of none. */
  readonly job?: string;
  /** For pages: camera or microphone are off at first. */
  readonly startVideoOff?: boolean;
  /** For pages: the microphone is off at first. Default: as the room says. */
  readonly startAudioOff?: boolean;
  /** Recording begins when its bearer is in. */
  readonly startRecording?: boolean;
  /** Whether its bearer is removed when it expires. Default: false, it only opens the door. */
  readonly ejectAtExp?: boolean;
  /** Seconds until it expires, 1 to 366 days. Default: 3,600. */
  readonly lifetimeSeconds?: number;
  /** It opens nothing before this time, ISO 8601. Its life is counted from then. */
  readonly notBefore?: string;
}

/** What a meeting token allows, to whom and for how long. */
export interface MeetingTokenOptions extends MeetingTokenClaims {
  /** What the server that takes it was given as a secret. At least 32 bytes. */
  readonly secret: TokenSecret;
  /** The server it is for, as in `meetingTokens({ audience })`. */
  readonly audience: string;
}

/** A meeting token, and what may be known of it. */
export interface MintedToken {
  /** A JSON Web Token, for `join(url, { token })`. Whoever has it is let in: it belongs in no log. */
  readonly token: string;
  /** Its `jti`, which may be written down anywhere. */
  readonly tokenId: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const tokenWish = v.object({
  ...grantEntries,
  lifetimeSeconds: v.exactOptional(v.pipe(v.number(), v.integer())),
  notBefore: v.exactOptional(isoTime),
});

/** What these are called elsewhere. */
const foreignNames = {
  room_name: 'room',
  is_owner: 'owner',
  user_name: 'name',
  user_id: 'userId',
  exp: 'lifetimeSeconds',
  nbf: 'notBefore',
  eject_at_token_exp: 'ejectAtExp',
  start_cloud_recording: 'startRecording',
} as const;

/**
 * Mints a meeting token: a signed statement (JWT, HS256) of who may enter which room as what. Whoever has it may use it
 * until it expires; give it to its bearer alone, and never in a URL that reaches a server.
 *
 * @throws TypeError or RangeError for claims that a server would refuse, a secret of less than 32 bytes among them.
 * @example
 * const token = await createMeetingToken({ secret: process.env.SLUICE_SECRET!, audience: 'meet.example.org', room: 'standup', owner: true });
 * await client.join('https://meet.example.org/standup', { token });
 */
export async function createMeetingToken(options: MeetingTokenOptions): Promise<string> {
  const { secret, audience, ...wish } = options;
  const key = tokenKey('createMeetingToken.secret', secret);
  checkAudience('createMeetingToken.audience', audience);
  return (await mintToken('createMeetingToken', { key, audience, wish, now: Date.now() })).token;
}

export interface Mint {
  readonly key: KeyObject;
  readonly audience: string;
  readonly wish: unknown;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export async function mintToken(name: string, { key, audience, wish, now }: Mint): Promise<MintedToken> {
  const { lifetimeSeconds = 3_600, notBefore, ...claims } = readFields(name, tokenWish, wish, foreignNames);
  if (!namesItsRooms(claims)) throw invalidArgument(name, 'either a room or anyRoom: true', Object.keys(claims));
  if (lifetimeSeconds < 1 || lifetimeSeconds > MOST_SECONDS)
    throw outOfRange(`${name}.lifetimeSeconds`, `1 to ${MOST_SECONDS}`, lifetimeSeconds);
  const nbf = notBefore === undefined ? undefined : Math.floor(Date.parse(notBefore) / 1_000);
  const issuedAt = Math.floor(now / 1_000);
  const exp = (nbf ?? issuedAt) + lifetimeSeconds;
  if (exp <= issuedAt || exp > issuedAt + MOST_SECONDS)
    throw outOfRange(`${name}.notBefore`, 'a time at which the token ends within the next 366 days', notBefore);
  const tokenId = createId();
  const token = await new SignJWT({ ...claims, ...(nbf === undefined ? {} : { nbf }) })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE })
    .setAudience(audience)
    .setJti(tokenId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(exp)
    .sign(key);
  return { token, tokenId, expiresAt: new Date(exp * 1_000).toISOString() };
}

export function checkAudience(name: string, audience: string): void {
  if (typeof audience !== 'string' || audience === '' || audience.length > 256)
    throw invalidArgument(name, 'the name of the server that takes the token, 1 to 256 characters', audience);
}
