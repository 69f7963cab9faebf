import type { AudioFrame } from '../../media/audio-frame.ts';
import { type Micros, micros, microsToSamples } from '../../time/units.ts';

/** Timestamps this far from where the last frame ended are a hole: rounding and jitter of clocks are less. */
const TOLERANCE_US = 5_000;

/** One stretch of sound without a hole. */
export interface Stretch {
  readonly id: number;
  readonly start: Micros;
  samples: number;
}

/** Cuts frames into stretches by what their timestamps say. */
export class Stretches {
  readonly #rate: number;
  readonly #most: number;
  readonly #open = new Map<number, Stretch>();
  #current: Stretch | undefined;
  #ids = 0;

  /** @param mostMs the longest stretch, in milliseconds: longer ones are cut, so that no memory grows without bound */
  constructor(rate: number, mostMs: number) {
    this.#rate = rate;
    this.#most = microsToSamples(mostMs * 1_000, rate);
  }

  /** The stretch that a frame belongs to; `ended` is the one that it does not continue. */
  add(frame: AudioFrame): { readonly stretch: Stretch; readonly ended: Stretch | undefined } {
    const ended = this.#current !== undefined && !this.#continues(this.#current, frame) ? this.#current : undefined;
    if (ended !== undefined || this.#current === undefined) {
      this.#current = { id: ++this.#ids, start: frame.timestamp, samples: 0 };
      this.#open.set(this.#current.id, this.#current);
    }
    this.#current.samples += frame.length;
    return { stretch: this.#current, ended };
  }

  /** Ends the current stretch, if there is one. */
  end(): Stretch | undefined {
    const ended = this.#current;
    this.#current = undefined;
    return ended;
  }

  find(id: number): Stretch | undefined {
    return this.#open.get(id);
  }

  /** Nothing more is told of it. */
  settle(id: number): void {
    this.#open.delete(id);
  }

  /** Nothing more is told of any. */
  drop(): void {
    this.#open.clear();
    this.#current = undefined;
  }

  /** Media time of a sample of a stretch; never behind its end. */
  timeOf({ start, samples }: Stretch, sample: number): Micros {
    return micros(start + Math.round((Math.min(sample, samples) * 1_000_000) / this.#rate));
  }

  #continues(stretch: Stretch, frame: AudioFrame): boolean {
    if (frame.gap !== undefined || stretch.samples >= this.#most) return false;
    return Math.abs(frame.timestamp - this.timeOf(stretch, stretch.samples)) <= TOLERANCE_US;
  }
}
