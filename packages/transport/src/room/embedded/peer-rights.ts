import { mayReceive, type RoomParticipantInfo, type RoomTrackInfo } from '@sluice/protocol';

/** What each of two participants may have of the other, by what the room says of both. */
export class PeerRights {
  readonly #peer: () => RoomParticipantInfo;
  readonly #local: () => RoomParticipantInfo;

  constructor(peer: () => RoomParticipantInfo, local: () => RoomParticipantInfo) {
    this.#peer = peer;
    this.#local = local;
  }

  /** Whether we may have a track of it. */
  mayTake(name: string): boolean {
    return mayReceive(this.#local().permissions, this.#peer(), name);
  }

  /** Whether it may have a track of ours. */
  mayHave(name: string): boolean {
    return mayReceive(this.#peer().permissions, this.#local(), name);
  }

  /** Whether a track of it is on, and ours to have. */
  isOn(name: string): boolean {
    return this.#announced(name)?.enabled === true && this.mayTake(name);
  }

  /** Whether its media is ours to have: what is not announced to everybody is taken from nobody. */
  isOpen(name: string): boolean {
    return this.#announced(name) !== undefined && this.mayTake(name);
  }

  #announced(name: string): RoomTrackInfo | undefined {
    return this.#peer().tracks.find((track) => track.name === name);
  }
}
