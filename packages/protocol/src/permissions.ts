// Who may do what in a room. The server decides by these, senders by what a receiver may have.

import * as v from 'valibot';
import { limits } from './limits.ts';
import { utf8Bytes } from './text.ts';

/** Kinds of media that may be sent. */
export const sendKinds = ['microphone', 'camera', 'screenVideo', 'screenAudio', 'customVideo', 'customAudio'] as const;
/** Kinds of media that somebody may send. */
export type SendKind = (typeof sendKinds)[number];
/** What somebody may be allowed to administer. */
export const adminKinds = ['participants', 'streaming', 'transcription'] as const;
/** What somebody may administer. */
export type AdminKind = (typeof adminKinds)[number];

/** Schemas of records pass over these keys: a rule about somebody of such a name would be lost in silence. */
const UNNAMEABLE = ['__proto__', 'prototype', 'constructor'];
const nameable = v.check(
  (entries: unknown) =>
    typeof entries !== 'object' || entries === null || !UNNAMEABLE.some((key) => Object.hasOwn(entries, key)),
  `no entry named ${UNNAMEABLE.join(', ')}`,
);

const byName = v.pipe(v.unknown(), nameable, v.record(v.pipe(v.string(), v.maxLength(101)), v.boolean()));
const custom = v.union([v.boolean(), byName]);
const receive = v.union([
  v.boolean(),
  v.strictObject({
    /** Of the microphone. What is not named is allowed. */
    audio: v.exactOptional(v.boolean()),
    /** Of the camera. */
    video: v.exactOptional(v.boolean()),
    screenAudio: v.exactOptional(v.boolean()),
    screenVideo: v.exactOptional(v.boolean()),
    /** By track name; `*` stands for those that are not named. */
    customAudio: v.exactOptional(custom),
    customVideo: v.exactOptional(custom),
  }),
]);
/** What of somebody may be received. */
export type ReceivePermission = v.InferOutput<typeof receive>;

const byWhom = v.pipe(
  v.unknown(),
  nameable,
  v.record(v.pipe(v.string(), v.maxLength(128)), receive),
  v.check((entries) => Object.keys(entries).length <= 64, 'at most 64 entries'),
);
const canSend = v.pipe(v.array(v.picklist(sendKinds)), v.maxLength(sendKinds.length));
const canAdmin = v.pipe(v.array(v.picklist(adminKinds)), v.maxLength(adminKinds.length));
const canReceive = v.strictObject({ base: receive, byUserId: byWhom, byParticipantId: byWhom });

export const permissions = v.strictObject({
  /** Whether the others see this participant. Who is hidden sends nothing. */
  hasPresence: v.boolean(),
  canSend,
  canReceive,
  canAdmin,
});
/** What a participant may do, and whether it is seen. */
export type Permissions = v.InferOutput<typeof permissions>;

/** A change: what is not named stays. `true` and `false` stand for all and none. */
export const permissionsUpdate = v.pipe(
  v.strictObject({
    hasPresence: v.exactOptional(v.boolean()),
    canSend: v.exactOptional(v.union([v.boolean(), canSend])),
    canReceive: v.exactOptional(
      v.strictObject({
        base: v.exactOptional(receive),
        byUserId: v.exactOptional(byWhom),
        byParticipantId: v.exactOptional(byWhom),
      }),
    ),
    canAdmin: v.exactOptional(v.union([v.boolean(), canAdmin])),
  }),
  v.check(
    (update) => utf8Bytes(JSON.stringify(update)) <= limits.permissionsBytes,
    `at most ${limits.permissionsBytes} bytes of JSON`,
  ),
);
/** Permissions that change; what is left out stays. */
export type PermissionsUpdate = v.InferOutput<typeof permissionsUpdate>;

/** What everybody has in a room that says nothing else. */
export const defaultPermissions: Permissions = {
  hasPresence: true,
  canSend: [...sendKinds],
  canReceive: { base: true, byUserId: {}, byParticipantId: {} },
  canAdmin: [],
};

/** What permissions are after an update: what it does not name stays. */
export function updatedPermissions(current: Permissions, update: PermissionsUpdate): Permissions {
  return {
    hasPresence: update.hasPresence ?? current.hasPresence,
    canSend: listed(update.canSend, sendKinds) ?? current.canSend,
    canReceive: { ...current.canReceive, ...update.canReceive },
    canAdmin: listed(update.canAdmin, adminKinds) ?? current.canAdmin,
  };
}

/** Whether these permissions allow to send a track (`microphone`, `customAudio.<name>`, ...). */
export function maySend({ hasPresence, canSend }: Permissions, track: string): boolean {
  return hasPresence && canSend.includes(kindOf(track) as SendKind);
}

/** Whether these permissions allow to receive a track of a participant. The most particular entry decides. */
export function mayReceive(
  { canReceive }: Permissions,
  from: { readonly id: string; readonly userId: string },
  track: string,
): boolean {
  const { base, byUserId, byParticipantId } = canReceive;
  const entry = own(byParticipantId, from.id) ?? own(byUserId, from.userId) ?? base;
  if (typeof entry === 'boolean') return entry;
  const kind = kindOf(track);
  if (kind === 'microphone') return entry.audio ?? true;
  if (kind === 'camera') return entry.video ?? true;
  if (kind === 'screenAudio' || kind === 'screenVideo') return entry[kind] ?? true;
  const named = kind === 'customVideo' ? entry.customVideo : entry.customAudio;
  if (typeof named !== 'object') return named ?? true;
  return own(named, track.slice(kind.length + 1)) ?? own(named, '*') ?? true;
}

/** `customAudio` of `customAudio.music`. */
function kindOf(track: string): string {
  const dot = track.indexOf('.');
  return dot === -1 ? track : track.slice(0, dot);
}

function own<T>(entries: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

function listed<T>(value: boolean | T[] | undefined, all: readonly T[]): T[] | undefined {
  if (typeof value !== 'boolean') return value;
  return value ? [...all] : [];
}
