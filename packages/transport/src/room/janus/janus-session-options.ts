import type { RoomParticipantInfo } from '@sluice/protocol';
import type { RoomJoin } from '../driver.ts';
import type { Home } from './cascade/home.ts';
import type { EnteredRoom } from './enter-room.ts';
import type { JobLease } from './members/job-lease.ts';
import type { RoomAddress } from './room-address.ts';
import type { JanusClient } from './wire/janus-client.ts';
import type { JanusHandle } from './wire/janus-handle.ts';

/** What a stay begins with: who came in, where, and by what. */
export interface JanusSessionOptions {
  readonly join: RoomJoin;
  readonly address: RoomAddress;
  readonly client: JanusClient;
  /** Of the room's servers the one that we publish to. */
  readonly where: Home;
  /** The one that entered the room. */
  readonly handle: JanusHandle;
  readonly room: EnteredRoom;
  readonly local: RoomParticipantInfo;
  /** Which job we do. */
  readonly lease: JobLease | undefined;
  /** Gives back what is left of the way in. */
  readonly forget: () => void;
}
