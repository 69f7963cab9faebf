import type { AudioFrame } from '@sluice/core';
import { findGaps } from '@sluice/core/testing';
import type { CallClient } from '@sluice/transport';

export const isLoud = (sample: number) => Math.abs(sample) > 1_000;

/** Silences of 20 ms and more between the first and the last loud sample. */
export function gapsIn(samples: Int16Array, sampleRate: number): number {
  const sound = samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud));
  return findGaps(sound, { sampleRate, minMs: 20 }).gaps.length;
}

/** How long what was heard waits for what tells better where it stands, in milliseconds: as long as a recorder lets it. */
const WAIT_MS = 1_000;

/** A track as the recorder's client hears it: what its file is compared with. */
export class Ear {
  readonly #samples: number[] = [];
  #offset = Number.POSITIVE_INFINITY;
  #end = Number.NaN;
  #loudAt = Number.NaN;
  #settledAt = Number.POSITIVE_INFINITY;

  constructor(client: CallClient, id: string, audioSource: string) {
    const take = (_id: string, { samples, sampleRate, timestamp, duration, gap }: AudioFrame) => {
      const now = Date.now();
      // Behind a break arrivals tell nothing of what was before it.
      if (Math.abs(timestamp - this.#end) > 1_000) {
        if (Number.isNaN(this.#loudAt)) this.#offset = Number.POSITIVE_INFINITY;
        else this.#settledAt = Math.min(this.#settledAt, now);
      }
      this.#end = timestamp + duration;
      if (now < this.#settledAt) this.#offset = Math.min(this.#offset, now - this.#end / 1_000);
      const first = samples.findIndex(isLoud);
      if (Number.isNaN(this.#loudAt) && first >= 0) {
        this.#loudAt = timestamp / 1_000 + (first * 1_000) / sampleRate;
        this.#settledAt = now + WAIT_MS;
      }
      if (gap !== undefined) this.#samples.push(...new Int16Array((gap.duration * sampleRate) / 1e6));
      this.#samples.push(...samples);
    };
    client.setAudioRenderer(id, take, { audioSource, sampleRate: 16_000 });
  }

  /** When the first loud sample was heard, by the earliest arrival of those it came with, in milliseconds since 1970. */
  get firstLoudAt(): number {
    return this.#offset + this.#loudAt;
  }

  get gaps(): number {
    return gapsIn(Int16Array.from(this.#samples), 16_000);
  }
}
