import type { Ask, Permissions, PermissionsUpdate } from '@sluice/protocol';
import { grantedPermissions } from '../../session/permission-rules.ts';
import { DenialError } from '../denial-error.ts';
import type { Member } from '../members/member.ts';
import { type AskRoom, needAdmin, needParticipant } from './ask-room.ts';

type Of<K extends Ask['ask']> = Extract<Ask, { readonly ask: K }>;

/** Permissions and inputs of others: all of what is asked for, or nothing. */
export function updateParticipants(room: AskRoom, by: Member, { updates }: Of<'update-participants'>): void {
  needAdmin(by, 'participants');
  const changes = Object.entries(updates).map(([id, { permissions, inputsEnabled }]) => {
    const member = needParticipant(room, id);
    const next = permissions === undefined ? undefined : checked(room, by, member, permissions);
    return { member, next, inputsEnabled };
  });
  needSpace(room, changes);
  for (const { member, next, inputsEnabled } of changes) {
    if (next !== undefined) room.setPermissions(member, next);
    if (inputsEnabled === undefined || !room.roster.has(member)) continue;
    const muted = member.mutes.mute(inputsEnabled, member.tracks, room.now());
    member.send({ type: 'inputs-asked', by: by.id, inputs: inputsEnabled });
    if (muted) room.tellOf(member);
  }
}

/** One's own: less at any time, more only by whom it may be given to others. */
export function updateOwnPermissions(room: AskRoom, by: Member, { permissions }: Of<'update-permissions'>): void {
  const next = checked(room, by, by, permissions);
  needSpace(room, [{ member: by, next }]);
  room.setPermissions(by, next);
}

export function eject(room: AskRoom, by: Member, { ids }: Of<'eject'>): void {
  needAdmin(by, 'participants');
  const members = ids.map((id) => needParticipant(room, id));
  for (const member of members) needReach(by, member);
  for (const member of members) room.eject(member);
}

export function admit(room: AskRoom, by: Member, { ids, admit: isLetIn }: Of<'admit'>): void {
  needAdmin(by, 'participants');
  const knocks = [...new Set(ids)].map((id) => {
    const knock = room.lobby.get(id);
    if (knock === undefined) throw new DenialError('unknown-participant', `nobody waits as ${id}`);
    return knock;
  });
  for (const knock of knocks)
    if (isLetIn) room.admit(knock);
    else room.turnAway(knock);
}

/** The permissions that the update would make, if they may be given. */
function checked(room: AskRoom, by: Member, to: Member, update: PermissionsUpdate): Permissions {
  const granted = grantedPermissions(by, to, update, room.roster);
  if ('denial' in granted) throw new DenialError(granted.denial, granted.why);
  return granted;
}

/** Throws unless those who are to be shown, or hidden, have a place there. */
function needSpace(
  room: AskRoom,
  changes: readonly { readonly member: Member; readonly next: Permissions | undefined }[],
): void {
  const turning = changes.filter(({ member, next }) => next !== undefined && next.hasPresence !== member.isShown);
  for (const shown of [true, false]) {
    const more = turning.filter(({ next }) => next?.hasPresence === shown).length;
    if (more > 0 && room.space(shown) < more)
      throw new DenialError('rate', shown ? 'the room is full' : 'no more may be hidden');
  }
}

/** An owner is out of the reach of who is none. */
function needReach(by: Member, to: Member): void {
  if (to.isOwner && !by.isOwner) throw new DenialError('not-allowed', 'this takes an owner');
}
