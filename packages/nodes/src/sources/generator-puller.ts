import type { AudioFrame, Puller } from '@sluice/core';
import type { FrameTimeline } from '../formats/frame-timeline.ts';

/** Makes frames from a function of the sample index, up to a length in seconds. */
export class GeneratorPuller implements Puller<AudioFrame> {
  readonly #timeline: FrameTimeline;
  readonly #fill: (samples: Int16Array, first: number) => void;
  readonly #end: number;

  constructor(
    timeline: FrameTimeline,
    duration: number | undefined,
    fill: (samples: Int16Array, first: number) => void,
  ) {
    this.#timeline = timeline;
    this.#fill = fill;
    this.#end = duration === undefined ? Number.POSITIVE_INFINITY : Math.round(duration * timeline.format.sampleRate);
  }

  read(): AudioFrame | null {
    const first = this.#timeline.sample;
    const length = Math.min(this.#timeline.nextLength, this.#end - first);
    if (length <= 0) return null;
    const samples = new Int16Array(length * this.#timeline.format.channels);
    this.#fill(samples, first);
    return this.#timeline.frame(samples);
  }
}
