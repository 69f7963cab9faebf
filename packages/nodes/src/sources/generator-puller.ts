import type { AudioFrame, Puller, SampleMemory } from '@sluice/core';
import type { FrameTimeline } from '../formats/frame-timeline.ts';

/** Makes frames from a function of the sample index, up to a length in seconds. */
export class GeneratorPuller implements Puller<AudioFrame> {
  readonly #timeline: FrameTimeline;
  readonly #fill: (samples: Int16Array, first: number) => void;
  readonly #end: number;
  readonly #memory: SampleMemory | undefined;

  /** @param memory where closed frames give their samples back to, if `fill` writes all of them: zeros without it */
  constructor(
    timeline: FrameTimeline,
    duration: number | undefined,
    fill: (samples: Int16Array, first: number) => void,
    memory?: SampleMemory,
  ) {
    this.#timeline = timeline;
    this.#fill = fill;
    this.#end = duration === undefined ? Number.POSITIVE_INFINITY : Math.round(duration * timeline.format.sampleRate);
    this.#memory = memory;
  }

  read(): AudioFrame | null {
    const first = this.#timeline.sample;
    const length = Math.min(this.#timeline.nextLength, this.#end - first);
    if (length <= 0) return null;
    const values = length * this.#timeline.format.channels;
    const samples = this.#memory?.take(values) ?? new Int16Array(values);
    this.#fill(samples, first);
    return this.#timeline.frame(samples, this.#memory?.release);
  }
}
