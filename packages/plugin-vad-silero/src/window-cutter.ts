import { type AudioFrame, type Micros, samplesToMicros } from '@sluice/core';
import { windowLength } from './messages.ts';

/** The rate that is heard, in hertz. */
export const sampleRate = 16_000;

/** Length of a window in microseconds. */
export const windowMicros = (windowLength * 1_000_000) / sampleRate;

/** Timestamps that stray further than this from what came before are a hole, in microseconds. */
const strayMicros = 1_000;

/** Windows that a frame completed. */
export interface Windows {
  readonly samples: Int16Array;
  /** Media time of the first sample. */
  readonly from: number;
}

/** Cuts sound into windows, whatever the pieces. */
export class WindowCutter {
  readonly #kept = new Int16Array(windowLength);
  #filled = 0;
  /** Media time of sample 0 since the beginning. */
  #anchor = 0;
  #received = 0;
  /** Where the frame before ended. */
  #end = Number.NaN;

  /** Behind the last sample that was written. */
  get position(): Micros {
    return (this.#anchor + samplesToMicros(this.#received, sampleRate)) as Micros;
  }

  /** Whether a frame does not follow on what came before. */
  isHole({ timestamp, gap }: AudioFrame): boolean {
    return gap !== undefined || !(Math.abs(timestamp - this.#end) <= strayMicros);
  }

  /** What comes now does not follow on what came before. */
  begin({ timestamp }: AudioFrame): void {
    this.#filled = 0;
    this.#received = 0;
    this.#anchor = timestamp;
  }

  /** All whole windows, with what was kept before; the rest is kept. */
  take({ samples, timestamp }: AudioFrame): Windows {
    // Clocks drift; rounding does not add up.
    const stray = timestamp - this.position;
    if (Math.abs(stray) > strayMicros) this.#anchor += stray;
    const from = this.#anchor + samplesToMicros(this.#received - this.#filled, sampleRate);
    const all = this.#filled + samples.length;
    const whole = new Int16Array(all - (all % windowLength));
    const used = whole.length === 0 ? 0 : whole.length - this.#filled;
    if (whole.length > 0) {
      whole.set(this.#kept.subarray(0, this.#filled));
      whole.set(samples.subarray(0, used), this.#filled);
      this.#filled = 0;
    }
    this.#kept.set(samples.subarray(used), this.#filled);
    this.#filled += samples.length - used;
    this.#received += samples.length;
    this.#end = timestamp + samplesToMicros(samples.length, sampleRate);
    return { samples: whole, from };
  }
}
