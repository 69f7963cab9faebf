import type { InputsUpdate, RoomTrackInfo } from '@sluice/protocol';

/** What was announced within this time of a mute may have crossed it on its way, in milliseconds. */
const CROSSING_MS = 1_000;

/** Tracks behind an input. */
const tracksOf = {
  microphone: ['microphone'],
  camera: ['camera'],
  screenShare: ['screenVideo', 'screenAudio'],
} as const satisfies Record<keyof InputsUpdate, readonly string[]>;

/** Inputs of one participant that somebody else turned off, until it turns them on again. */
export class RemoteMutes {
  /** When each was muted; minus infinity once its owner has said that it is off. */
  readonly #mutedAt = new Map<string, number>();

  get names(): string[] {
    return [...this.#mutedAt.keys()];
  }

  /** Tracks as the others are to see them. */
  apply(tracks: readonly RoomTrackInfo[]): readonly RoomTrackInfo[] {
    if (this.#mutedAt.size === 0) return tracks;
    return tracks.map((track) =>
      this.#mutedAt.has(track.name) ? { ...track, enabled: false, continuous: false } : track,
    );
  }

  /** Mutes the inputs that are to be off, as far as they are on. Returns true if that changes something. */
  mute(inputs: InputsUpdate, tracks: readonly RoomTrackInfo[], now: number): boolean {
    const before = this.#mutedAt.size;
    for (const [input, wanted] of Object.entries(inputs)) {
      if (wanted !== false) continue;
      for (const name of tracksOf[input as keyof InputsUpdate])
        if (tracks.some((track) => track.name === name && track.enabled)) this.#mutedAt.set(name, now);
    }
    return this.#mutedAt.size > before;
  }

  /** Their owner announces its tracks anew. */
  announced(tracks: readonly RoomTrackInfo[], now: number): void {
    for (const [name, mutedAt] of this.#mutedAt) {
      const isOn = tracks.some((track) => track.name === name && track.enabled);
      if (!isOn) this.#mutedAt.set(name, Number.NEGATIVE_INFINITY);
      else if (now - mutedAt > CROSSING_MS) this.#mutedAt.delete(name);
    }
  }
}
