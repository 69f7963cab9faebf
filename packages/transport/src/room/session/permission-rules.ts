// Which permissions a participant may give, to whom. No sockets and no messages.

import {
  adminKinds,
  defaultPermissions,
  limits,
  mayReceive,
  type Permissions,
  type PermissionsUpdate,
  type ReceivePermission,
  sendKinds,
  updatedPermissions,
  utf8Bytes,
} from '@sluice/protocol';

/** What an owner has, and may give. */
export const fullPermissions: Permissions = { ...defaultPermissions, canAdmin: [...adminKinds] };

/** Longer than any name in a rule: whom, or what, no rule names. */
const UNNAMED = '-'.repeat(129);

/** Somebody in the room. */
interface Participant {
  readonly id: string;
  readonly userId: string;
}

/** Who gives permissions, or is given some. */
interface Holder {
  readonly isOwner: boolean;
  readonly permissions: Permissions;
}

/** Why permissions are not given. */
export interface NotGranted {
  readonly denial: 'not-allowed' | 'rate';
  readonly why: string;
}

/** The permissions that an update makes of those of `to`, if `by` may give them. */
export function grantedPermissions(
  by: Holder,
  to: Holder,
  update: PermissionsUpdate,
  present: Iterable<Participant>,
): Permissions | NotGranted {
  const notAllowed = (why: string): NotGranted => ({ denial: 'not-allowed', why });
  if (to.isOwner && !by.isOwner) return notAllowed('this takes an owner');
  const next = updatedPermissions(to.permissions, update);
  if (to.isOwner && next.canAdmin.length < to.permissions.canAdmin.length)
    return notAllowed('an owner decides on everything');
  // All rules of all participants travel in one welcome.
  if (utf8Bytes(JSON.stringify(next.canReceive)) > limits.permissionsBytes)
    return { denial: 'rate', why: `rules for receiving take ${limits.permissionsBytes} bytes at most` };
  const more = excess(by.isOwner ? fullPermissions : by.permissions, to.permissions, next, present);
  return more === undefined ? next : notAllowed(`nobody gives more than they have: ${more}`);
}

/**
 * What `next` has that neither `current` nor the giver has, in words; undefined if there is nothing: nobody gives more
 * than they have.
 */
function excess(
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
