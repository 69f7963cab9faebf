import { isRoomName, jobName, limits, line, permissionsUpdate } from '@sluice/protocol';
import * as v from 'valibot';
import type { TokenGrant } from '../room-tokens.ts';

/** The `typ` of a meeting token: a token that was signed for something else opens no room. */
export const TOKEN_TYPE = 'sluice-meeting+jwt';
export const TOKEN_ALGORITHM = 'HS256';

/** Longest life of a token in seconds: what lasts longer is a time in milliseconds, or a key that nobody will miss. */
export const MOST_SECONDS = 366 * 86_400;

const seconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const roomName = v.pipe(v.string(), v.check(isRoomName, '1 to 128 of A-Z a-z 0-9 _ -'));

/** What a token may grant, in the words of its claims. */
export const grantEntries = {
  room: v.exactOptional(roomName),
  anyRoom: v.exactOptional(v.literal(true)),
  owner: v.exactOptional(v.boolean()),
  name: v.exactOptional(line(limits.userNameBytes)),
  userId: v.exactOptional(line(limits.userIdBytes)),
  permissions: v.exactOptional(permissionsUpdate),
  job: v.exactOptional(jobName),
  startVideoOff: v.exactOptional(v.boolean()),
  startAudioOff: v.exactOptional(v.boolean()),
  startRecording: v.exactOptional(v.boolean()),
  ejectAtExp: v.exactOptional(v.boolean()),
} as const;

export const meetingClaims = v.object({
  ...grantEntries,
  aud: v.string(),
  exp: seconds,
  jti: v.pipe(line(128), v.nonEmpty()),
  nbf: v.exactOptional(seconds),
  iat: v.exactOptional(seconds),
  iss: v.exactOptional(v.string()),
  sub: v.exactOptional(v.string()),
});
type MeetingClaims = v.InferOutput<typeof meetingClaims>;

/** Exactly one room, or every room in so many words. */
export function namesItsRooms({ room, anyRoom }: { readonly room?: string; readonly anyRoom?: true }): boolean {
  return (room === undefined) === (anyRoom === true);
}

export function grantOf(claims: MeetingClaims): TokenGrant {
  const { exp, jti, userId, name, owner, permissions, job } = claims;
  const { ejectAtExp, startVideoOff, startAudioOff, startRecording } = claims;
  return withoutUndefined({
    tokenId: jti,
    expiresAt: exp * 1_000,
    userId,
    userName: name,
    isOwner: owner,
    permissions,
    job,
    ejectAtExpiry: ejectAtExp,
    startVideoOff,
    startAudioOff,
    startRecording,
  });
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
