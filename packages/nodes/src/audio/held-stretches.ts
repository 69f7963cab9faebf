import { type AudioFrame, type Gap, type Micros, samplesToMicros, type Utterance } from '@sluice/core';

/** Samples that belong together: of one utterance, without a gap or a jump in time between. */
export interface Stretch {
  readonly utterance: Utterance | undefined;
  readonly sampleRate: number;
  /** Media time of its first sample. */
  readonly begin: Micros;
  /** Stands before the next sample. */
  gap: Gap | undefined;
  /** Samples per channel that left, and that did not. */
  gone: number;
  left: number;
}

/** Timestamps that differ less from what follows from the samples are the same, in microseconds. */
const JITTER = 1_000;

/** Remembers of samples that leave later what their frames said of them. */
export class HeldStretches {
  #list: Stretch[] = [];

  /** Adds the samples of a frame. */
  push({ utterance, sampleRate, timestamp, gap, length }: AudioFrame): void {
    const last = this.#list.at(-1);
    const joins =
      last !== undefined &&
      gap === undefined &&
      last.utterance === utterance &&
      Math.abs(timeIn(last, last.gone + last.left) - timestamp) <= JITTER;
    if (joins) {
      last.left += length;
      return;
    }
    if (last?.left === 0) this.#list = [];
    this.#list.push({ utterance, sampleRate, begin: timestamp, gap, gone: 0, left: length });
  }

  /** Takes so many samples out, stretch by stretch. */
  take(length: number, give: (length: number, timestamp: Micros, stretch: Stretch) => void): void {
    for (let rest = length; rest > 0; ) {
      const first = this.#list[0];
      // Whoever got the part before may have ended everything.
      if (first === undefined) return;
      const part = Math.min(rest, first.left);
      const timestamp = timeIn(first, first.gone);
      first.gone += part;
      first.left -= part;
      rest -= part;
      give(part, timestamp, first);
      first.gap = undefined;
      // The last one stays, for the next frame to go on from.
      if (first.left === 0 && this.#list.length > 1) this.#list.shift();
    }
  }

  clear(): void {
    this.#list = [];
  }
}

function timeIn({ begin, sampleRate }: Stretch, samples: number): Micros {
  return (begin + samplesToMicros(samples, sampleRate)) as Micros;
}
