import { decibelsToGain, toSample } from '../clamp.ts';
import { NoiseFloor } from './noise-floor.ts';

export interface NoiseGateSettings {
  /** dBFS, RMS: it opens above the first and may close below the second. */
  readonly openDb: number;
  readonly closeDb: number;
  /** It opens only that far above the noise floor, in dB, and may close half as far above it. Undefined: whatever it is. */
  readonly openAboveFloorDb: number | undefined;
  readonly attackMs: number;
  readonly holdMs: number;
  readonly releaseMs: number;
  readonly lookaheadMs: number;
}

/** Length of the RMS that is compared, in seconds: a half wave of 50 Hz, of which it is steady. */
const LEVEL = 0.01;

/**
 * Opens where sound is loud and closes where it has been quiet for a while, on straight ramps, decided anew at each sample.
 * What leaves is what came `lookahead` sample frames before. Allocates nothing after it was made.
 */
export class NoiseGate {
  /** Sample frames by which the output is late. */
  readonly lookahead: number;
  readonly #channels: number;
  readonly #settings: NoiseGateSettings;
  readonly #attackStep: number;
  readonly #releaseStep: number;
  readonly #holdLength: number;
  /** The largest squares of the last sample frames, and their sum, which whole numbers keep exact. */
  readonly #squares: Float64Array;
  #sum = 0;
  #square = 0;
  readonly #floor: NoiseFloor | undefined;
  #openSum = 0;
  #closeSum = 0;
  /** What did not leave yet, and how many sample frames that is. */
  readonly #delayed: Int16Array;
  #at = 0;
  #held = 0;
  #open = false;
  #hold = 0;
  #gain = 0;

  constructor(sampleRate: number, channels: number, settings: NoiseGateSettings) {
    const samples = (ms: number) => Math.round((ms * sampleRate) / 1_000);
    this.lookahead = samples(settings.lookaheadMs);
    this.#channels = channels;
    this.#settings = settings;
    this.#attackStep = 1 / Math.max(1, samples(settings.attackMs));
    this.#releaseStep = 1 / Math.max(1, samples(settings.releaseMs));
    this.#holdLength = samples(settings.holdMs);
    this.#squares = new Float64Array(Math.round(sampleRate * LEVEL));
    this.#delayed = new Int16Array(this.lookahead * channels);
    this.#floor = settings.openAboveFloorDb === undefined ? undefined : new NoiseFloor(sampleRate);
    this.#setThresholds();
  }

  /** Sample frames that were taken and did not leave. */
  get held(): number {
    return this.#held;
  }

  /** How many sample frames leave when so many enter. */
  leaves(entering: number): number {
    return Math.max(0, this.#held + entering - this.lookahead);
  }

  /** Takes samples and writes what leaves to `output`. Returns whether the gate was wide open all the time. */
  process(input: Int16Array, output: Int16Array): boolean {
    let wide = true;
    for (let from = 0, to = 0; from < input.length; from += this.#channels) {
      this.#listen(this.#largestSquare(input, from));
      if (this.#gain !== 1) wide = false;
      if (this.lookahead === 0) to = this.#write(input, from, output, to);
      else to = this.#delay(input, from, output, to);
    }
    return wide;
  }

  /** Writes what is held to `output`, as if silence followed. */
  drain(output: Int16Array): void {
    const first = (this.#at - this.#held + this.lookahead) % Math.max(1, this.lookahead);
    for (let index = 0, to = 0; index < this.#held; index++) {
      this.#listen(0);
      to = this.#write(this.#delayed, ((first + index) % this.lookahead) * this.#channels, output, to);
    }
    this.#held = 0;
  }

  /** Drops what is held and closes: what follows has nothing to do with what was. The noise floor stays known. */
  reset(): void {
    this.#held = 0;
    this.#squares.fill(0);
    this.#sum = 0;
    this.#open = false;
    this.#gain = 0;
  }

  #delay(input: Int16Array, from: number, output: Int16Array, to: number): number {
    const slot = this.#at * this.#channels;
    const next = this.#held < this.lookahead ? to : this.#write(this.#delayed, slot, output, to);
    if (this.#held < this.lookahead) this.#held++;
    for (let channel = 0; channel < this.#channels; channel++) this.#delayed[slot + channel] = input[from + channel]!;
    this.#at = (this.#at + 1) % this.lookahead;
    return next;
  }

  #write(input: Int16Array, from: number, output: Int16Array, to: number): number {
    for (let channel = 0; channel < this.#channels; channel++)
      output[to + channel] = toSample(input[from + channel]! * this.#gain);
    return to + this.#channels;
  }

  #listen(square: number): void {
    this.#sum += square - this.#squares[this.#square]!;
    this.#squares[this.#square] = square;
    this.#square = (this.#square + 1) % this.#squares.length;
    if (this.#floor?.add(square) === true) this.#setThresholds();
    if (this.#sum >= (this.#open ? this.#closeSum : this.#openSum)) {
      this.#open = true;
      this.#hold = this.#holdLength;
    } else if (this.#open && this.#hold-- <= 0) this.#open = false;
    this.#gain = this.#open ? Math.min(1, this.#gain + this.#attackStep) : Math.max(0, this.#gain - this.#releaseStep);
  }

  #setThresholds(): void {
    const { openDb, closeDb, openAboveFloorDb = 0 } = this.#settings;
    const power = (db: number) => (32_768 * decibelsToGain(db)) ** 2;
    const floor = this.#floor?.power ?? 0;
    this.#openSum = this.#squares.length * Math.max(power(openDb), floor * decibelsToGain(2 * openAboveFloorDb));
    this.#closeSum = this.#squares.length * Math.max(power(closeDb), floor * decibelsToGain(openAboveFloorDb));
  }

  #largestSquare(input: Int16Array, from: number): number {
    let largest = 0;
    for (let channel = 0; channel < this.#channels; channel++) {
      const value = input[from + channel]!;
      largest = Math.max(largest, value * value);
    }
    return largest;
  }
}
