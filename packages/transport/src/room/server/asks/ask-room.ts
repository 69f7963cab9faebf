// What participants ask of a room, and whether they may. One file for each kind of ask; none of them knows sockets.

import type { AdminKind, Permissions, RecordingSettings, TranscriptionSettings } from '@sluice/protocol';
import { DenialError } from '../denial-error.ts';
import type { Knock, Lobby } from '../members/lobby.ts';
import type { Member } from '../members/member.ts';
import type { Roster } from '../members/roster.ts';
import type { RoomProperties } from '../room-properties.ts';
import type { ServiceRuns } from '../services/service-runs.ts';
import type { Digits } from './digits.ts';

/** The room, as asks are answered by it. */
export interface AskRoom {
  readonly roster: Roster;
  readonly lobby: Lobby;
  readonly digits: Digits;
  readonly properties: RoomProperties;
  /** Undefined: this server, or this room, does not. */
  readonly recordings: ServiceRuns<RecordingSettings> | undefined;
  readonly transcriptions: ServiceRuns<TranscriptionSettings> | undefined;
  /** Milliseconds of the room's clock. */
  now(): number;
  eject(member: Member): void;
  /** Throws a DenialError for who is no bot of a job. */
  takePlace(member: Member): void;
  setPermissions(member: Member, permissions: Permissions): void;
  /** Tells the others at once what a member is now. */
  tellOf(member: Member): void;
  /** Throws a DenialError if nobody fits in any more. */
  admit(knock: Knock): void;
  turnAway(knock: Knock): void;
  /** How many more may be shown, or hidden. */
  space(shown: boolean): number;
}

/** Throws unless the member may decide on this. */
export function needAdmin({ permissions }: Member, kind: AdminKind): void {
  if (!permissions.canAdmin.includes(kind)) throw new DenialError('not-allowed', `this needs canAdmin ${kind}`);
}

/** Somebody else, or oneself. A service of the room is none of the participants. */
export function needParticipant({ roster }: AskRoom, id: string): Member {
  const member = roster.get(id);
  if (member === undefined || member.service !== undefined)
    throw new DenialError('unknown-participant', `there is no participant ${id}`);
  return member;
}
