/** The largest value that a sample can hold, in sample units. */
const CEILING = 32_767;
/** How fast the gain goes down ahead of a peak, in seconds. */
const ATTACK = 0.001;
/** How long the gain takes from silence back to 1, in seconds. */
const RELEASE = 0.1;

/**
 * Keeps a sum of signals within 16 bits without the distortion of clipping. It lowers the gain on a straight line in
 * the millisecond before a peak and raises it within 100 ms afterwards; while nothing exceeds full scale, values pass
 * bit by bit. It looks ahead within the block it is given, so it adds no latency; only a peak in the first millisecond
 * of a block meets a shorter attack.
 */
export class Limiter {
  readonly #attackStep: number;
  readonly #releaseStep: number;
  #gain = 1;
  #gains = new Float64Array(0);

  constructor(sampleRate: number) {
    this.#attackStep = 1 / (ATTACK * sampleRate);
    this.#releaseStep = 1 / (RELEASE * sampleRate);
  }

  /** The gain of the last sample frame: below 1 while limiting. */
  get gain(): number {
    return this.#gain;
  }

  /** Limits `length` values (whole sample frames, in sample units) in place. */
  process(values: Float32Array, length: number, channels: number): void {
    if (this.#gain === 1 && !exceeds(values, length)) return;
    const frames = length / channels;
    if (this.#gains.length < frames) this.#gains = new Float64Array(frames);
    const gains = this.#gains;
    let gain = this.#gain;
    for (let frame = 0; frame < frames; frame++) {
      const peak = largest(values, frame * channels, (frame + 1) * channels);
      gain = Math.min(1, gain + this.#releaseStep, peak > CEILING ? CEILING / peak : 1);
      gains[frame] = gain;
    }
    this.#gain = gain;
    for (let frame = frames - 2; frame >= 0; frame--)
      gains[frame] = Math.min(gains[frame]!, gains[frame + 1]! + this.#attackStep);
    for (let frame = 0, index = 0; frame < frames; frame++)
      for (let channel = 0; channel < channels; channel++) values[index++]! *= gains[frame]!;
  }
}

function exceeds(values: Float32Array, length: number): boolean {
  for (let index = 0; index < length; index++) {
    const value = values[index]!;
    if (value > CEILING || value < -CEILING) return true;
  }
  return false;
}

function largest(values: Float32Array, from: number, end: number): number {
  let peak = 0;
  for (let index = from; index < end; index++) {
    const magnitude = Math.abs(values[index]!);
    if (magnitude > peak) peak = magnitude;
  }
  return peak;
}
