import { PROTOCOL, type ServerMessage } from '@sluice/protocol';
import type { Lobby } from './members/lobby.ts';
import type { Member } from './members/member.ts';
import { beginning, type RoomProperties } from './room-properties.ts';
import type { ServicesOfRoom } from './services/services-of-room.ts';

export interface WelcomeInit {
  readonly member: Member;
  readonly name: string;
  readonly session: string;
  readonly properties: RoomProperties;
  readonly participants: readonly Member[];
  readonly lobby: Lobby;
  readonly services: ServicesOfRoom;
  readonly activeSpeaker: string | null;
}

/** What opens a session. It is no session message: everything after it is counted. */
export function welcome(init: WelcomeInit): ServerMessage & { readonly type: 'welcome' } {
  const { member, name, session, participants, lobby, services, activeSpeaker } = init;
  const { expiresAt = null, chat = true, ownerOnlyBroadcast = false } = init.properties;
  const recording = services.recordings !== undefined;
  const transcription = services.transcriptions !== undefined;
  return {
    type: 'welcome',
    protocol: PROTOCOL,
    session,
    id: member.id,
    secret: member.secret,
    you: member.info,
    room: {
      name,
      expiresAt,
      recording,
      transcription,
      chat,
      ownerOnlyBroadcast,
      ...beginning(init.properties),
    },
    participants: participants.map(({ publicInfo }) => publicInfo),
    activeSpeaker,
    ...services.statuses,
    waiting: member.isHost ? lobby.list : [],
  };
}
