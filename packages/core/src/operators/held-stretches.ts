import type { AudioFrame } from '../media/audio-frame.ts';
import type { Utterance } from '../media/frame.ts';
import type { Gap } from '../media/gap.ts';
import { type Micros, samplesToMicros } from '../time/units.ts';

/** Samples that belong together: of one utterance, without a gap or a jump in time between. */
export interface HeldStretch {
  /** What its frames said they belong to; undefined for sound that is nobody's utterance. */
  readonly utterance: Utterance | undefined;
  /** In Hz. */
  readonly sampleRate: number;
  /** Media time of its first sample. */
  readonly begin: Micros;
  /** Stands before the next sample. */
  gap: Gap | undefined;
  /** Samples per channel that left. */
  gone: number;
  /** Samples per channel that are still there. */
  left: number;
}

/** Timestamps that differ less from what follows from the samples are the same, in microseconds. */
const JITTER = 1_000;

/**
 * Remembers of samples that leave later what their frames said of them: for operators that keep sound back and cut it
 * elsewhere.
 */
export class HeldStretches {
  #list: HeldStretch[] = [];

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

  /** Takes so many samples per channel out, stretch by stretch: `give` gets each with the time of its first sample. */
  take(length: number, give: (length: number, timestamp: Micros, stretch: HeldStretch) => void): void {
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

  /** Forgets all: nothing of it will leave. */
  clear(): void {
    this.#list = [];
  }
}

function timeIn({ begin, sampleRate }: HeldStretch, samples: number): Micros {
  return (begin + samplesToMicros(samples, sampleRate)) as Micros;
}
