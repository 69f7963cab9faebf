/** Squares and peaks of interleaved samples, channel by channel. */
export class LevelSum {
  readonly channels: number;
  readonly peaks: Float64Array;
  readonly energies: Float64Array;
  /** Samples per channel that were added. */
  length = 0;

  constructor(channels: number) {
    this.channels = channels;
    this.peaks = new Float64Array(channels);
    this.energies = new Float64Array(channels);
  }

  /** Adds values `from` to `end`, in whole sample frames. */
  add(samples: Int16Array, from: number, end: number): void {
    const { channels } = this;
    for (let channel = 0; channel < channels; channel++) {
      let peak = this.peaks[channel]!;
      let energy = 0;
      for (let index = from + channel; index < end; index += channels) {
        const value = samples[index]!;
        energy += value * value;
        const magnitude = value < 0 ? -value : value;
        if (magnitude > peak) peak = magnitude;
      }
      this.peaks[channel] = peak;
      this.energies[channel]! += energy;
    }
    this.length += (end - from) / channels;
  }

  clear(): void {
    this.peaks.fill(0);
    this.energies.fill(0);
    this.length = 0;
  }
}

/** A magnitude from 0 to 1 as dBFS; `-Infinity` for 0. */
export function toDbfs(magnitude: number): number {
  return 20 * Math.log10(magnitude);
}
