// Which permissions a participant has, and which it may give. No sockets and no messages.

import {
  adminKinds,
  defaultPermissions,
  mayReceive,
  type Permissions,
  type ReceivePermission,
  sendKinds,
  updatedPermissions,
} from '@sluice/protocol';
import type { RoomProperties } from '../room-properties.ts';
import type { TokenGrant } from '../room-tokens.ts';

/** What an owner has, and may give. */
export const fullPermissions: Permissions = { ...defaultPermissions, canAdmin: [...adminKinds] };

/** A service of the room hears everybody and is neither seen nor heard. */
export const servicePermissions: Permissions = { ...defaultPermissions, hasPresence: false, canSend: [] };

/** With what somebody enters: the room's, then the token's. An owner has all but what the token says otherwise. */
export function entryPermissions(room: RoomProperties, { isOwner, permissions = {} }: TokenGrant): Permissions {
  if (isOwner === true)
    return { ...updatedPermissions(fullPermissions, permissions), canAdmin: fullPermissions.canAdmin };
  const everybody = updatedPermissions(defaultPermissions, room.permissions ?? {});
  const mine = room.ownerOnlyBroadcast === true ? { ...everybody, canSend: [] } : everybody;
  return updatedPermissions(mine, permissions);
}

/** Longer than any name in a rule: whom, or what, no rule names. */
const UNNAMED = '-'.repeat(129);

/** Somebody in the room. */
interface Participant {
  readonly id: string;
  readonly userId: string;
}

/**
 * What `next` has that neither `current` nor the giver has, in words; undefined if there is nothing: nobody gives more
 * than they have.
 */
export function excess(
  giver: Permissions,
  current: Permissions,
  next: Permissions,
  present: Iterable<Participant>,
): string | undefined {
  if (next.hasPresence && !current.hasPresence && !giver.hasPresence) return 'hasPresence';
  const sent = next.canSend.find((kind) => !current.canSend.includes(kind) && !giver.canSend.includes(kind));
  if (sent !== undefined) return `canSend ${sent}`;
  const admin = next.canAdmin.find((kind) => !current.canAdmin.includes(kind) && !giver.canAdmin.includes(kind));
  if (admin !== undefined) return `canAdmin ${admin}`;
  return receivesMore(giver, current, next, [...present]) ? 'canReceive' : undefined;
}

/** Everybody is the same to rules that do not name them, and so is every track: trying those that are named decides. */
function receivesMore(
  giver: Permissions,
  current: Permissions,
  next: Permissions,
  present: readonly Participant[],
): boolean {
  if (isUnlimited(giver) || next.canReceive === current.canReceive) return false;
  const all = [giver, current, next];
  const tracks = namedTracks(all);
  return namedParticipants(all, present).some((from) =>
    tracks.some(
      (track) => mayReceive(next, from, track) && !mayReceive(current, from, track) && !mayReceive(giver, from, track),
    ),
  );
}

function isUnlimited({ canReceive: { base, byUserId, byParticipantId } }: Permissions): boolean {
  return base === true && Object.keys(byUserId).length === 0 && Object.keys(byParticipantId).length === 0;
}

function namedParticipants(all: readonly Permissions[], present: readonly Participant[]): Participant[] {
  const userIds = new Set(all.flatMap(({ canReceive }) => Object.keys(canReceive.byUserId)));
  const ids = new Set(all.flatMap(({ canReceive }) => Object.keys(canReceive.byParticipantId)));
  return [
    { id: UNNAMED, userId: UNNAMED },
    ...[...userIds].map((userId) => ({ id: UNNAMED, userId })),
    ...[...ids].map((id) => ({ id, userId: UNNAMED })),
    ...present,
  ];
}

function namedTracks(all: readonly Permissions[]): string[] {
  const names = new Set<string>(sendKinds.filter((kind) => !kind.startsWith('custom')));
  const take = (kind: 'customAudio' | 'customVideo', entry: ReceivePermission) => {
    names.add(`${kind}.${UNNAMED}`);
    const named = typeof entry === 'boolean' ? undefined : entry[kind];
    if (typeof named === 'object') for (const name of Object.keys(named)) names.add(`${kind}.${name}`);
  };
  for (const { canReceive } of all)
    for (const entry of [
      canReceive.base,
      ...Object.values(canReceive.byUserId),
      ...Object.values(canReceive.byParticipantId),
    ])
      for (const kind of ['customAudio', 'customVideo'] as const) take(kind, entry);
  return [...names];
}
