import { mayReceive, type RoomParticipantInfo } from '@sluice/protocol';
import type { EnteredRoom } from './enter-room.ts';
import type { JanusSessionOptions } from './janus-session-options.ts';
import { RoomMedia, type RoomMediaOptions } from './media/room-media.ts';
import type { JobPlace } from './members/job-place.ts';
import type { Roster } from './members/roster.ts';

export interface OwnMediaOptions
  extends Omit<JanusSessionOptions, 'local'>,
    Pick<RoomMediaOptions, 'emit' | 'published'> {
  readonly roster: Roster;
  readonly place: JobPlace;
  readonly local: () => RoomParticipantInfo;
  /** As the server let us in last. */
  readonly entered: () => EnteredRoom;
}

/** The media that we send to the server and take from it: of whom we may, and whose job nobody else has. */
export function ownMedia(options: OwnMediaOptions): RoomMedia {
  const { join, address, client, handle, roster, place, local, entered, emit, published } = options;
  const { media, clock, ice, candidateFilter, report } = join;
  return new RoomMedia({
    clock,
    roster,
    mayTake: (id, name) => {
      const from = roster.get(id);
      return from !== undefined && !place.isReplaced(id) && mayReceive(local().permissions, from, name);
    },
    isWaiting: (id) => place.isWaiting(id),
    publishing: handle,
    attach: () => client.attach(),
    entry: () => ({
      room: entered().room,
      private_id: entered().joined.private_id,
      ...(address.pin !== undefined && { pin: address.pin }),
    }),
    link: (of) => ({
      media,
      handle: of,
      // A server on loopback gathers no candidate there: its media is on the machine's other addresses.
      candidates: 'all',
      ice: ice?.() ?? {},
      candidateFilter: candidateFilter ?? (() => undefined),
      participantId: local().id,
    }),
    emit,
    published,
    recorded: address.recorded,
    report,
  });
}
