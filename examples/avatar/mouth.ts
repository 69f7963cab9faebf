import { type AudioFrame, NODE, type Sink } from '@sluice/core';
import { toFrames } from '@sluice/nodes';
import type { PlayoutSink } from '@sluice/transport';

/** The voice is looked at in blocks of 10 ms, in microseconds. */
const BLOCK_US = 10_000;
/** A mouth follows four blocks around what leaves now: single periods of the voice would make it tremble. */
const AROUND = [-2, -1, 0, 1];
/** Loud enough to open it all the way, as the root of the mean square. */
const WIDE_OPEN = 4_000;
/** Blocks that are remembered: two minutes of a reply that is made faster than it is said. */
const MOST_BLOCKS = 12_000;

/**
 * How far a mouth is open that says what leaves a device. It is told of the voice when it is made, and of the time by the
 * device itself: what waits there, stands still or was dropped by an interruption moves no lips.
 */
export class Mouth {
  readonly #device: PlayoutSink;
  readonly #levels = new Map<number, number>();
  #last: number | undefined;

  constructor(device: PlayoutSink) {
    this.#device = device;
  }

  /** A sink for the voice, beside the one that plays it. */
  listens(): Sink<AudioFrame, unknown> {
    const frames = toFrames();
    void (async () => {
      for await (const frame of frames) {
        this.#remember(frame);
        frame.close();
      }
    })();
    return frames;
  }

  /** From 0, shut, to 1, as of now. Asked once for each picture. */
  opening(): number {
    const position = this.#device[NODE].position?.();
    const stands = position === this.#last;
    this.#last = position;
    if (position === undefined || stands) return 0;
    const now = Math.floor(position / BLOCK_US);
    const power = AROUND.reduce((sum, block) => sum + (this.#levels.get(now + block) ?? 0) ** 2, 0) / AROUND.length;
    return Math.min(1, Math.sqrt(power) / WIDE_OPEN);
  }

  #remember({ samples, timestamp, sampleRate, channels }: AudioFrame): void {
    const length = (sampleRate * channels * BLOCK_US) / 1_000_000;
    for (let at = 0; at < samples.length; at += length) {
      const us = timestamp + (at / channels / sampleRate) * 1_000_000;
      this.#levels.set(Math.round(us / BLOCK_US), loudness(samples.subarray(at, at + length)));
    }
    for (const block of this.#levels.keys()) {
      if (this.#levels.size <= MOST_BLOCKS) break;
      this.#levels.delete(block);
    }
  }
}

/** The root of the mean square. */
export function loudness(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
}
