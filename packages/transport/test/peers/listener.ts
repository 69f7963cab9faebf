import type { AudioFrame } from '@sluice/core';

/** What a peer heard of one track. */
export interface Heard {
  /** Samples per channel so far, and those of them that belong to a frame with sound. */
  readonly samples: number;
  readonly loud: number;
  /** Longest silence between two frames with sound, in milliseconds of wall time, and since the last one. */
  readonly longestGapMs: number;
  readonly silentForMs: number;
  /** Frequency of the last second in Hz, by zero crossings; 0 in silence. */
  readonly hz: number;
}

const LOUD = 1_000;

/** Measures a tone while it arrives. */
export class Listener {
  #samples = 0;
  #loud = 0;
  #longestGapMs = 0;
  #lastLoudAt = 0;
  #crossings: { readonly count: number; readonly samples: number }[] = [];
  #rate = 16_000;

  take({ samples, sampleRate, channels, length }: AudioFrame): void {
    this.#samples += length;
    this.#rate = sampleRate;
    let peak = 0;
    let count = 0;
    let before = 0;
    for (let index = 0; index < samples.length; index += channels) {
      const sample = samples[index]!;
      peak = Math.max(peak, Math.abs(sample));
      if (before < 0 !== sample < 0) count++;
      before = sample;
    }
    this.#crossings.push({ count, samples: length });
    if (this.#crossings.length > 50) this.#crossings.shift();
    if (peak < LOUD) return;
    this.#loud += length;
    const now = performance.now();
    if (this.#lastLoudAt > 0) this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastLoudAt);
    this.#lastLoudAt = now;
  }

  /** Starts the measurement of gaps anew. */
  resetGap(): void {
    this.#longestGapMs = 0;
  }

  get heard(): Heard {
    const silentForMs = this.#lastLoudAt === 0 ? Number.POSITIVE_INFINITY : performance.now() - this.#lastLoudAt;
    const crossings = this.#crossings.reduce((sum, one) => sum + one.count, 0);
    const samples = this.#crossings.reduce((sum, one) => sum + one.samples, 0);
    const hz = silentForMs > 200 || samples === 0 ? 0 : (crossings * this.#rate) / samples / 2;
    return { samples: this.#samples, loud: this.#loud, longestGapMs: this.#longestGapMs, silentForMs, hz };
  }
}
