import { createHash } from 'node:crypto';
import {
  asLine,
  defaultPermissions,
  idOfBytes,
  json,
  limits,
  type Permissions,
  permissionsUpdate,
  type RoomParticipantInfo,
  utf8Bytes,
} from '@sluice/protocol';
import * as v from 'valibot';
import { ownerOf } from './feed-role.ts';
import { type JobLease, jobLease } from './job-lease.ts';

/** Between the name that everybody reads and what is for sluice alone. */
const SEPARATOR = '\u001f';
/** The longest display name that is looked at: user data, a message and all tracks. */
const MAX_BYTES = 32 * 1024;
/** As many messages before the last one are read. */
const MOST_EARLIER = 64;

const TRACK = /^(?:microphone|screenAudio|camera|screenVideo|custom(?:Audio|Video)\.[\w .:-]{1,100})$/;
const track = v.object({
  name: v.pipe(v.string(), v.regex(TRACK)),
  enabled: v.boolean(),
  continuous: v.boolean(),
  ignoreLevel: v.boolean(),
});

const message = v.object({
  /** Counts up; the same number is the same message. */
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  kind: v.picklist(['app-message', 'chat', 'update']),
  /** Participant id of the one that it is for; else it is for all. */
  to: v.exactOptional(v.string()),
  data: v.unknown(),
  userName: v.exactOptional(v.string()),
});
/** What a card carries once: an app message, a line of the chat, or what others are asked to change of themselves. */
export type CardMessage = v.InferOutput<typeof message>;

const card = v.object({
  v: v.literal(1),
  userId: v.pipe(v.string(), v.maxLength(limits.userIdBytes), v.transform(asLine)),
  joinedAt: v.pipe(v.string(), v.maxLength(40)),
  tracks: v.pipe(v.array(track), v.maxLength(limits.tracks)),
  /** Null for what no room takes. */
  userData: v.exactOptional(v.fallback(v.nullable(json(limits.userDataBytes)), null)),
  isOwner: v.exactOptional(v.boolean()),
  /** Where they are others than everybody's. */
  permissions: v.exactOptional(permissionsUpdate),
  mutedRemotely: v.exactOptional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(20))), v.maxLength(limits.tracks))),
  message: v.exactOptional(message),
  /** What was said before it, the oldest first: for those who were away. */
  earlier: v.exactOptional(v.pipe(v.array(message), v.maxLength(MOST_EARLIER))),
  lease: v.exactOptional(jobLease),
});
/** What a participant says of itself beside its name. */
export type ParticipantCard = v.InferOutput<typeof card>;

/**
 * A display name of the VideoRoom: the user name, and behind it what clients of sluice say to each other.
 *
 * @param said the last messages, the newest behind the others: as many of them as there is room for
 */
export function writeDisplay(info: RoomParticipantInfo, said: readonly CardMessage[] = [], lease?: JobLease): string {
  for (let from = 0; ; from++) {
    const display = displayOf(info, said.slice(from), lease);
    if (from >= said.length - 1 || utf8Bytes(display) <= MAX_BYTES) return display;
  }
}

function displayOf(info: RoomParticipantInfo, said: readonly CardMessage[], lease: JobLease | undefined): string {
  const earlier = said.slice(0, -1);
  const last = said.at(-1);
  const { userName, userId, joinedAt, tracks, userData, isOwner, permissions, mutedRemotely } = info;
  // Who is hidden has no name, and shows nothing.
  const { hasPresence } = permissions;
  const told: ParticipantCard = {
    v: 1,
    userId: hasPresence ? userId : '',
    joinedAt,
    tracks: hasPresence ? tracks : [],
    ...(isOwner && { isOwner }),
    ...(!sameAsAll(permissions) && { permissions }),
    ...(mutedRemotely.length > 0 && { mutedRemotely }),
    ...(hasPresence && userData !== undefined && { userData }),
    ...(last !== undefined && { message: last }),
    ...(earlier.length > 0 && { earlier }),
    ...(lease !== undefined && { lease }),
  };
  return `${hasPresence ? userName : ''}${SEPARATOR}${JSON.stringify(told)}`;
}

/** Reads a display name. Those of other clients have no card. */
export function readDisplay(display: unknown): {
  readonly userName: string;
  readonly card: ParticipantCard | undefined;
} {
  const text = typeof display === 'string' ? display : '';
  const at = text.indexOf(SEPARATOR);
  const userName = clipped(at === -1 ? text : text.slice(0, at));
  if (at === -1 || utf8Bytes(text) > MAX_BYTES) return { userName, card: undefined };
  try {
    const result = v.safeParse(card, JSON.parse(text.slice(at + 1)));
    return { userName, card: result.success ? result.output : undefined };
  } catch {
    return { userName, card: undefined };
  }
}

/** Whether a name is one that a track may have. */
export function isTrackName(name: unknown): name is string {
  return typeof name === 'string' && TRACK.test(name);
}

/** Participant ids are UUIDs. Where the server has given another id, or a number, it is made of that. */
export function participantId(of: string | number): string {
  const feed = ownerOf(of);
  if (typeof feed === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(feed)) return feed;
  return idOfBytes(createHash('sha256').update(`janus-feed:${feed}`).digest());
}

function sameAsAll(one: Permissions): boolean {
  return JSON.stringify(one) === JSON.stringify(defaultPermissions);
}

function clipped(name: string): string {
  return asLine(utf8Bytes(name) <= limits.userNameBytes ? name : name.slice(0, limits.userNameBytes / 4));
}
