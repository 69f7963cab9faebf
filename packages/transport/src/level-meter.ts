const FULL_SCALE = 32_768;

/**
 * How loud sound is between two readings: the root mean square of its samples, over all channels, as a part of full scale.
 * 1 is a square wave at full scale (0 dBov), a sine at full scale is 0.707: the scale of `audioLevel` in
 * https://www.w3.org/TR/webrtc-stats/. Taking samples allocates nothing.
 */
export class LevelMeter {
  #squares = 0;
  #count = 0;

  take(samples: Int16Array): void {
    this.#squares += squaresOf(samples, 0, samples.length);
    this.#count += samples.length;
  }

  /** 0 to 1 since it was read last; 0 if nothing came. */
  read(): number {
    const level = levelOf(this.#squares, this.#count);
    this.#squares = 0;
    this.#count = 0;
    return level;
  }
}

/** The sum of squares of the samples from `from` to before `to`. */
export function squaresOf(samples: Int16Array, from: number, to: number): number {
  let squares = 0;
  for (let index = from; index < to; index++) squares += samples[index]! * samples[index]!;
  return squares;
}

/** The level, 0 to 1, of so many samples with this sum of squares. */
export function levelOf(squares: number, count: number): number {
  return count === 0 ? 0 : Math.min(1, Math.sqrt(squares / count) / FULL_SCALE);
}
