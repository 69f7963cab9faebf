import type { Clock } from '@sluice/core';
import type { HubTally } from './hub-counts.ts';
import type { Removals } from './removals.ts';
import type { RoomRecorder, RoomTranscriber } from './room-services.ts';
import type { ServiceEntries } from './services/service-entries.ts';

/** What rooms of one hub have in common. */
export interface RoomOptions {
  readonly clock: Clock;
  /** Whether the server itself is on loopback, so that loopback candidates make sense. */
  readonly loopback: boolean;
  readonly maxParticipants: number;
  /** Milliseconds since 1970, for times that people set. Default: the machine's. */
  readonly wallClock?: (() => number) | undefined;
  /** Default: none, and rooms cannot be recorded. */
  readonly recorder?: RoomRecorder | undefined;
  /** Default: none, and rooms cannot be transcribed. */
  readonly transcriber?: RoomTranscriber | undefined;
  /** The meeting URL of a room, for services that enter it. Default: none is known. */
  readonly roomUrl?: ((room: string) => string) | undefined;
}

/** What rooms of one hub share. */
export interface RoomSurroundings {
  readonly tally: HubTally;
  readonly entries: ServiceEntries;
  readonly removals: Removals;
  readonly wallClock: () => number;
  /** Nobody is in the room of this name, and nobody waits. */
  readonly empty: (room: string) => void;
}

/** Somebody in a room, as told to those outside. */
export interface PresentParticipant {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  /** ISO 8601. */
  readonly joinedAt: string;
}
