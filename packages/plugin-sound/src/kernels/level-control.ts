import { toInt16 } from '@sluice/core/kernels';
import { KWeightedEnergy } from './k-weighting.ts';
import type { SoundProcessor } from './sound-processor.ts';
import type { SpeechLevel } from './speech-level.ts';

/** How long the limiter takes from silence back to 1, in seconds. */
const RELEASE = 0.2;

/**
 * Applies the gain of a {@link SpeechLevel}, which it feeds with the K-weighted energy of each 10 ms: from hop to hop on straight
 * lines, one hop behind. What would exceed the ceiling is lowered at once, all channels together.
 */
export class LevelControl implements SoundProcessor {
  readonly lookahead = 0;
  readonly held = 0;
  readonly #channels: number;
  readonly #level: SpeechLevel;
  readonly #ceiling: number;
  readonly #energy: KWeightedEnergy;
  readonly #hop: number;
  readonly #releaseStep: number;
  #left: number;
  #from: number;
  #to: number;
  #limit = 1;

  constructor(sampleRate: number, channels: number, level: SpeechLevel, ceilingDb: number) {
    this.#channels = channels;
    this.#level = level;
    this.#ceiling = 32_767 * 10 ** (ceilingDb / 20);
    this.#energy = new KWeightedEnergy(sampleRate, channels);
    this.#hop = Math.round(sampleRate / 100);
    this.#releaseStep = 1 / (RELEASE * sampleRate);
    this.#left = this.#hop;
    this.#to = 10 ** (level.gainDb / 20);
    this.#from = this.#to;
  }

  process(input: Int16Array, output: Int16Array): boolean {
    let changed = false;
    for (let at = 0; at < input.length; ) {
      const end = Math.min(input.length, at + this.#left * this.#channels);
      for (let channel = 0; channel < this.#channels; channel++) this.#energy.add(input, at, end, channel);
      if (this.#apply(input, output, at, end)) changed = true;
      at = end;
      if (this.#left === 0) this.#endHop();
    }
    return changed;
  }

  /** Another loudness to bring speech to, in LUFS. */
  setTarget(targetLufs: number): void {
    this.#level.targetLufs = targetLufs;
  }

  drain(): void {}

  reset(): void {
    this.#limit = 1;
  }

  #endHop(): void {
    let energy = 0;
    for (let channel = 0; channel < this.#channels; channel++) energy += this.#energy.take(channel);
    this.#level.add(energy / this.#hop);
    this.#left = this.#hop;
    this.#from = this.#to;
    this.#to = 10 ** (this.#level.gainDb / 20);
  }

  #apply(input: Int16Array, output: Int16Array, from: number, end: number): boolean {
    const [channels, to, ceiling, release] = [this.#channels, this.#to, this.#ceiling, this.#releaseStep];
    const step = (to - this.#from) / this.#hop;
    let [left, limit, changed] = [this.#left, this.#limit, false];
    for (let at = from; at < end; at += channels) {
      let peak = 0;
      for (let channel = at; channel < at + channels; channel++) {
        const magnitude = Math.abs(input[channel]!);
        if (magnitude > peak) peak = magnitude;
      }
      const gain = to - step * left--;
      limit = Math.min(1, limit + release);
      if (peak * gain * limit > ceiling) limit = ceiling / (peak * gain);
      const factor = gain * limit;
      changed ||= factor !== 1;
      for (let channel = at; channel < at + channels; channel++) output[channel] = toInt16(input[channel]! * factor);
    }
    this.#left = left;
    this.#limit = limit;
    return changed;
  }
}
