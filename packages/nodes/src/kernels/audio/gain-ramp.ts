// Arithmetic on samples: gain, fades, clicks, mixing, limiting, gating, levels, waveforms, the tones of telephones.

import { toSample } from '../clamp.ts';

/**
 * A gain that moves on a straight line from one factor to the next, one step per sample frame. The factor is computed
 * from the number of steps left, never summed, so a stretch that is processed in parts comes out as if in one.
 */
export class GainRamp {
  #target: number;
  #step = 0;
  #left = 0;

  constructor(gain: number) {
    this.#target = gain;
  }

  /** The factor of the next sample frame. */
  get gain(): number {
    return this.#target - this.#step * this.#left;
  }

  get target(): number {
    return this.#target;
  }

  /** Whether the factor stays as it is. */
  get settled(): boolean {
    return this.#left === 0;
  }

  /** Moves from where it is to `gain` within so many sample frames; 0 is at once. */
  rampTo(gain: number, sampleFrames: number): void {
    const from = this.gain;
    this.#target = gain;
    this.#left = Math.max(0, Math.round(sampleFrames));
    this.#step = this.#left === 0 ? 0 : (gain - from) / this.#left;
  }

  /** The sample rate is `factor` times what it was: what is left of a ramp takes as long as before. */
  rescale(factor: number): void {
    if (this.#left > 0) this.rampTo(this.#target, this.#left * factor);
  }

  /** Writes `input` times the gain to `output`, clamped. Both have the same length, in whole sample frames. */
  apply(input: Int16Array, output: Int16Array, channels: number): void {
    let index = 0;
    const ramped = Math.min(this.#left * channels, input.length);
    while (index < ramped) {
      const gain = this.#target - this.#step * this.#left--;
      for (const end = index + channels; index < end; index++) output[index] = toSample(input[index]! * gain);
    }
    const gain = this.#target;
    if (gain === 1) output.set(index === 0 ? input : input.subarray(index), index);
    else for (; index < input.length; index++) output[index] = toSample(input[index]! * gain);
  }

  /** Multiplies values `from` to `end` in place. Indexes count values, in whole sample frames. */
  scale(values: Float32Array, from: number, end: number, channels: number): void {
    let index = from;
    const ramped = Math.min(this.#left * channels, end - from) + from;
    while (index < ramped) {
      const gain = this.#target - this.#step * this.#left--;
      for (const stop = index + channels; index < stop; index++) values[index]! *= gain;
    }
    const gain = this.#target;
    if (gain === 1) return;
    for (; index < end; index++) values[index]! *= gain;
  }

  /** Moves on by so many sample frames without sound. */
  skip(sampleFrames: number): void {
    this.#left = Math.max(0, this.#left - sampleFrames);
  }
}
