import { mayReceive, type RoomParticipantInfo, type RoomTrackInfo, trackKind } from '@sluice/protocol';

/** What each of two participants may have of the other: by what the room says of both, and no pictures once they are refused. */
export class PeerRights {
  readonly #peer: () => RoomParticipantInfo;
  readonly #local: () => RoomParticipantInfo;
  #pictures = true;

  constructor(peer: () => RoomParticipantInfo, local: () => RoomParticipantInfo) {
    this.#peer = peer;
    this.#local = local;
  }

  /** Whether there may be pictures at all, either way. */
  get pictures(): boolean {
    return this.#pictures;
  }

  /** There are none between the two from now on. */
  refusePictures(): void {
    this.#pictures = false;
  }

  /** Whether there may be such a track between the two. */
  mayBe(name: string): boolean {
    return this.#pictures || trackKind(name) === 'audio';
  }

  /** Whether we may have a track of it. */
  mayTake(name: string): boolean {
    return this.mayBe(name) && mayReceive(this.#local().permissions, this.#peer(), name);
  }

  /** Whether it may have a track of ours. */
  mayHave(name: string): boolean {
    return this.mayBe(name) && mayReceive(this.#peer().permissions, this.#local(), name);
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
