import { checkKeys, invalidArgument } from '@sluice/core';
import { GainRamp } from '../../kernels/audio/gain-ramp.ts';
import { decibelsToGain } from '../../kernels/clamp.ts';
import { checkDb, checkMs } from '../../options/check-option.ts';

/** Makes an input quieter while others sound: music under speech. */
export interface DuckOptions {
  /** The input, or inputs, that have precedence. */
  readonly under: string | readonly string[];
  /** How much quieter, in decibels. Default -12. */
  readonly db?: number;
  /** How long it takes to get there, in milliseconds. Default 50. */
  readonly attackMs?: number;
  /** How long it takes back, in milliseconds. Default 400. */
  readonly releaseMs?: number;
  /** Pauses of the others up to this long do not count, in milliseconds. Default 250. */
  readonly holdMs?: number;
  /** The peak above which the others sound, in dBFS. Default -45. */
  readonly thresholdDb?: number;
}

/** The gain of a ducked input. */
export class Ducker {
  readonly under: readonly string[];
  readonly #gain = new GainRamp(1);
  readonly #low: number;
  readonly #threshold: number;
  readonly #attack: number;
  readonly #release: number;
  readonly #hold: number;
  #held = 0;

  constructor(options: DuckOptions, sampleRate: number) {
    checkKeys<DuckOptions>('duck', options, {
      under: true,
      db: true,
      attackMs: true,
      releaseMs: true,
      holdMs: true,
      thresholdDb: true,
    });
    const { under, db = -12, attackMs = 50, releaseMs = 400, holdMs = 250, thresholdDb = -45 } = options;
    this.under = typeof under === 'string' ? [under] : under;
    if (!Array.isArray(this.under) || this.under.some((id) => typeof id !== 'string'))
      throw invalidArgument('duck.under', 'the id of an input, or several', under);
    checkDb('duck.db', db);
    checkDb('duck.thresholdDb', thresholdDb);
    checkMs('duck.attackMs', attackMs);
    checkMs('duck.releaseMs', releaseMs);
    checkMs('duck.holdMs', holdMs);
    this.#low = decibelsToGain(db);
    this.#threshold = decibelsToGain(thresholdDb) * 32_768;
    this.#attack = (attackMs * sampleRate) / 1000;
    this.#release = (releaseMs * sampleRate) / 1000;
    this.#hold = (holdMs * sampleRate) / 1000;
  }

  /** Scales a block of so many sample frames, given the peak of the others in the same block. */
  process(values: Float32Array, length: number, channels: number, keyPeak: number): void {
    if (keyPeak > this.#threshold) {
      this.#held = this.#hold;
      if (this.#gain.target !== this.#low) this.#gain.rampTo(this.#low, this.#attack);
    } else {
      this.#held -= length;
      if (this.#held <= 0 && this.#gain.target !== 1) this.#gain.rampTo(1, this.#release);
    }
    this.#gain.scale(values, 0, length * channels, channels);
  }
}
