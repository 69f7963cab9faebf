/** Samples up to this are digital silence: what Opus makes of zeros is up to 1. */
const SILENCE = 2;
/** So long nothing else has come, in milliseconds. */
const SILENT_MS = 10_000;
/** A packet of Opus that holds digital silence has 35 bytes at most; sound, and whatever does not shrink (G.711), has more. */
const BYTES_OF_SOUND = 60;

/** What came of a track between two looks. */
export interface ArrivedSound {
  /** Milliseconds of what came, and of what was put there because nothing came. */
  readonly arrivedMs: number;
  readonly missedMs: number;
  readonly packets: number;
  readonly bytes: number;
}

/** Tells where packets of a track come and the sound that comes of them is digital silence. */
export class SilentArrival {
  #heard = false;
  /** Since the last look. */
  #sounds = false;
  #silentMs = 0;
  #packets = 0;
  #bytes = 0;

  /** Does not keep the samples. */
  take(samples: Int16Array): void {
    if (this.#sounds) return;
    for (const sample of samples)
      if (sample > SILENCE || sample < -SILENCE) {
        this.#sounds = true;
        return;
      }
  }

  /** A look: what came since the last one. Of a track that is off nothing comes, and nothing is known. */
  measure({ arrivedMs, missedMs, packets, bytes }: ArrivedSound): void {
    this.#heard ||= this.#sounds;
    if (this.#sounds || arrivedMs <= missedMs) return this.begin();
    this.#silentMs += arrivedMs;
    this.#packets += packets;
    this.#bytes += bytes;
  }

  /** The track is off, or nothing comes: what was before is over. */
  begin(): void {
    this.#sounds = false;
    this.#silentMs = this.#packets = this.#bytes = 0;
  }

  /**
   * What is wrong. Who was heard before, or is a program, may have nothing to say: of them only packets that are too large for
   * silence prove something.
   */
  problem(whose: string, isProgram: boolean): string | undefined {
    if (this.#silentMs < SILENT_MS) return undefined;
    const seconds = `${Math.round(this.#silentMs / 1_000)} s`;
    if (this.#bytes > BYTES_OF_SOUND * this.#packets)
      return `gets packets of ${whose} that are too large for silence, and what is decoded of them is digital silence for ${seconds}: a gateway lost its stream (a change of SSRC or codec), or the sound is encrypted for somebody else; look at what it sends`;
    if (this.#heard || isProgram) return undefined;
    return `gets packets of ${whose}, which is not muted, and the sound in them was digital silence for all of ${seconds}: its microphone is off or another one is meant, or it is a program that has said nothing; look at its device, or let the program say so with \`agentUserData()\``;
  }
}
