import type { AudioInput } from '../../devices/audio/audio-input.ts';
import type { PlayedLevel } from '../../devices/audio/played-level.ts';
import type { LocalTracks } from './local-tracks.ts';

/** How loud this client is, measured from what its devices play. */
export class LocalLevels {
  readonly #tracks: LocalTracks;
  readonly #open = new Map<AudioInput, PlayedLevel>();

  constructor(tracks: LocalTracks) {
    this.#tracks = tracks;
  }

  /** The loudest of the tracks that are sent and count, since it was read last; 0 to 1. */
  read(): number {
    const sent = new Set(this.#tracks.heardInputs);
    for (const [input, level] of this.#open) if (!sent.has(input)) this.#close(input, level);
    let loudest = 0;
    for (const input of sent) {
      const open = this.#open.get(input);
      if (open === undefined) this.#open.set(input, input.openLevel());
      else loudest = Math.max(loudest, open.read());
    }
    return loudest;
  }

  stop(): void {
    for (const [input, level] of this.#open) this.#close(input, level);
  }

  #close(input: AudioInput, level: PlayedLevel): void {
    level.close();
    this.#open.delete(input);
  }
}
