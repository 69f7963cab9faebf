// What stays in rooms have in common, whoever their driver is: who we are, what we send, when to try again. No message of any
// server.

import { maySend, type RoomParticipantInfo, type RoomTrackInfo } from '@sluice/protocol';
import type { LocalTrack } from '../driver.ts';

/** This side of a session: who it is, what it offers, and what of that it may send. */
export class LocalParticipant {
  readonly #tracks: Map<string, LocalTrack>;
  readonly #onChange: (info: RoomParticipantInfo) => void;
  #info: RoomParticipantInfo;
  #changed = false;

  /** @param onChange Called after what this side has said of itself, once for all that was said in one moment. */
  constructor(
    info: RoomParticipantInfo,
    tracks: ReadonlyMap<string, LocalTrack>,
    onChange: (info: RoomParticipantInfo) => void,
  ) {
    this.#info = info;
    this.#onChange = onChange;
    this.#tracks = new Map(tracks);
  }

  get info(): RoomParticipantInfo {
    return this.#info;
  }

  /** The tracks that may be sent, by name. */
  get tracks(): ReadonlyMap<string, LocalTrack> {
    return new Map([...this.#tracks].filter(([name]) => maySend(this.#info.permissions, name)));
  }

  sends(name: string): boolean {
    return this.#tracks.has(name) && maySend(this.#info.permissions, name);
  }

  /** Offers a track, or takes one back. */
  offer(name: string, track: LocalTrack | undefined): void {
    if (track === undefined) this.#tracks.delete(name);
    else this.#tracks.set(name, track);
  }

  /** The sources died with the engine; their owner publishes new ones. */
  forgetSources(): void {
    for (const [name, track] of this.#tracks) this.#tracks.set(name, { ...track, source: null });
  }

  /** What this side says of itself. */
  say(change: Partial<Pick<RoomParticipantInfo, 'userName' | 'userData' | 'tracks'>>): void {
    this.#info = { ...this.#info, ...change };
    if (this.#changed) return;
    this.#changed = true;
    // Not in the midst of what changes it: who hears of it may change it again.
    queueMicrotask(() => {
      this.#changed = false;
      this.#onChange(this.#info);
    });
  }

  /**
   * What the server says of this side. It may be older than what this side has said since, so that of tracks and user
   * data its own word counts.
   */
  told({ tracks: _tracks, userData: _userData, ...info }: RoomParticipantInfo): void {
    const { tracks, userData } = this.#info;
    this.#info = { ...info, tracks, ...(userData !== undefined && { userData }) };
  }
}

/** The field of a message, left out where there is nothing to say. */
export function userDataOf(userData: unknown): { userData?: NonNullable<unknown> } {
  return userData === undefined || userData === null ? {} : { userData };
}

/** Tracks as they are announced to the others. */
export function announced(tracks: ReadonlyMap<string, LocalTrack>): RoomTrackInfo[] {
  return [...tracks].map(([name, { source, continuous, ignoreLevel }]) => ({
    name,
    enabled: source !== null,
    continuous: continuous && source !== null,
    ignoreLevel,
  }));
}
