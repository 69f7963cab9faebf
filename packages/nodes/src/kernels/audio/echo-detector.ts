import { bandCentres } from './band-powers.ts';

/** Length of a step, in milliseconds. */
export const STEP_MS = 10;
/** The longest way from the own voice to its echo, in steps: Bluetooth and two jitter buffers take half a second. */
const MOST_DELAY = 80;
const BANDS = bandCentres.length;
/** Steps that are remembered of the own voice: the longest way and some that follow. */
const MEMORY = 2 * MOST_DELAY;
/** What the own voice is not heard below, in dB of sample units: about -75 dBFS in a band. */
const SILENT_DB = 15;
/** A room of 0.25 s of reverberation (RT60) loses so much in a step, in dB. */
const DECAY_DB = 2.4;
/** What counts of the past in the search for the delay: three seconds. */
const FORGET = 1 - STEP_MS / 3_000;
/** How fast the mean of a band is followed, a step: syllables stay, and that two voices begin at once does not count. */
const FLATTEN = 0.15;
/**
 * Correlation of band powers from which on a delay is believed after many steps, and what is asked beyond that after one
 * divided by their number: two voices may go together for a while (measured: 0.82 after 30 steps, 0.44 after 300; an echo
 * gives 0.95, in noise 0.7).
 */
const BELIEVED = 0.5;
const BELIEVED_EARLY = 12;
/** Below it a delay is no longer believed. */
const DOUBTED = 0.25;
/** Steps with the own voice that are needed to believe one. */
const LEAST_STEPS = 30;
/** How far above its expected echo a band is somebody else's, in dB, and the most that one band counts. */
const MARGIN_DB = 6;
const MOST_DB = 12;
/** In the first second of echo the gains are followed so much faster. */
const LEARNING_STEPS = 100;
const LEARNING = 5;
/** Mean of what the bands are above that from which on a step is too loud, in dB. */
const LOUD_DB = 1.6;
/** So many of the last eight steps are too loud when somebody speaks: a lost packet makes two of them. */
const LOUD_STEPS = 5;

export type EchoVerdict = 'silent' | 'unknown' | 'echo' | 'somebody';

/**
 * Judges step by step whether a microphone picks up one's own voice or somebody. Powers in bands are compared, not waves,
 * so that codecs, lost packets and rooms do not matter: where the two correlate best is the delay, and how loud a band
 * usually comes back its gain; somebody speaks where several bands are louder than that.
 */
export class EchoDetector {
  /** The own voice, in dB by step and band, as a ring. */
  readonly #own = new Float64Array(MEMORY * BANDS).fill(SILENT_DB);
  readonly #ownMean = new Float64Array(BANDS).fill(SILENT_DB);
  readonly #ownDeviation = new Float64Array(MEMORY * BANDS);
  /** What came in, for when the delay becomes known. */
  readonly #heard = new Float64Array(MEMORY * BANDS).fill(SILENT_DB);
  readonly #heardMean = new Float64Array(BANDS).fill(SILENT_DB);
  readonly #products = new Float64Array(MOST_DELAY);
  readonly #ownSquares = new Float64Array(MOST_DELAY);
  readonly #noise = new Float64Array(BANDS).fill(Number.POSITIVE_INFINITY);
  readonly #gain = new Float64Array(BANDS);
  readonly #expected = new Float64Array(BANDS).fill(SILENT_DB);
  #heardSquares = 0;
  /** Steps that were correlated, and those that were compared since the delay was found. */
  #steps = 0;
  #compared = 0;
  #delay = -1;
  /** Which of the last eight steps were too loud, a bit each. */
  #loud = 0;
  #lastOwn = Number.NEGATIVE_INFINITY;
  #step = 0;

  /** From the own voice to its echo, in milliseconds; undefined while it is not known. */
  get delayMs(): number | undefined {
    return this.#delay < 0 ? undefined : this.#delay * STEP_MS;
  }

  /**
   * Takes a step of the own voice and the step heard at the same time. Powers are mean squares in sample units. `silent`:
   * there is no own voice whose echo it could be; `unknown`: there is, and its delay is not known yet.
   */
  detect(own: Float64Array, heard: Float64Array): EchoVerdict {
    const step = this.#step++;
    this.#remember(step, own, heard);
    if (step - this.#lastOwn > MOST_DELAY) {
      this.#loud = 0;
      return 'silent';
    }
    this.#correlate(step);
    if (this.#steps >= LEAST_STEPS && step % 5 === 0) this.#findDelay(step);
    if (this.#delay < 0) return 'unknown';
    return this.#compare(step) ? 'somebody' : 'echo';
  }

  #remember(step: number, own: Float64Array, heard: Float64Array): void {
    const at = (step % MEMORY) * BANDS;
    let loud = 0;
    for (let band = 0; band < BANDS; band++) {
      const ownDb = decibels(own[band]!);
      const heardDb = decibels(heard[band]!);
      if (ownDb > SILENT_DB + 10) loud++;
      this.#own[at + band] = ownDb;
      this.#heard[at + band] = heardDb;
      this.#ownMean[band]! += (ownDb - this.#ownMean[band]!) * FLATTEN;
      this.#ownDeviation[at + band] = ownDb - this.#ownMean[band]!;
      this.#heardMean[band]! += (heardDb - this.#heardMean[band]!) * FLATTEN;
      // Rises by 3 dB a second, falls at once.
      this.#noise[band] = Math.min(this.#noise[band]! + 0.03, heardDb);
    }
    if (loud >= 2) this.#lastOwn = step;
  }

  #correlate(step: number): void {
    const heardAt = (step % MEMORY) * BANDS;
    this.#steps++;
    this.#heardSquares *= FORGET;
    for (let band = 0; band < BANDS; band++) {
      const deviation = this.#heard[heardAt + band]! - this.#heardMean[band]!;
      this.#heardSquares += deviation * deviation;
    }
    for (let delay = 0; delay < MOST_DELAY; delay++) {
      const ownAt = ((step - delay + MEMORY) % MEMORY) * BANDS;
      let product = 0;
      let square = 0;
      for (let band = 0; band < BANDS; band++) {
        const own = this.#ownDeviation[ownAt + band]!;
        product += own * (this.#heard[heardAt + band]! - this.#heardMean[band]!);
        square += own * own;
      }
      this.#products[delay] = this.#products[delay]! * FORGET + product;
      this.#ownSquares[delay] = this.#ownSquares[delay]! * FORGET + square;
    }
  }

  #correlation(delay: number): number {
    const squares = this.#ownSquares[delay]! * this.#heardSquares;
    return squares > 0 ? this.#products[delay]! / Math.sqrt(squares) : 0;
  }

  #findDelay(step: number): void {
    let best = 0;
    for (let delay = 1; delay < MOST_DELAY; delay++)
      if (this.#correlation(delay) > this.#correlation(best)) best = delay;
    if (this.#delay >= 0 && this.#correlation(this.#delay) < DOUBTED) this.#delay = -1;
    if (this.#correlation(best) < BELIEVED + BELIEVED_EARLY / this.#steps) return;
    if (Math.abs(best - this.#delay) <= 1) return;
    this.#delay = best;
    this.#compared = 0;
    this.#measureGains(step);
  }

  /** From what was heard so far: four of five steps came back at most so loud. */
  #measureGains(step: number): void {
    const known = Math.min(step, MEMORY - this.#delay - 3);
    for (let band = 0; band < BANDS; band++) {
      const gains: number[] = [];
      for (let back = 0; back < known; back++) {
        const own = this.#ownAround(step - back, band);
        if (own > SILENT_DB + 10) gains.push(this.#heard[((step - back) % MEMORY) * BANDS + band]! - own);
      }
      gains.sort((a, b) => a - b);
      this.#gain[band] = gains.length < 5 ? -10 : gains[Math.floor(gains.length * 0.8)]!;
    }
  }

  /** The loudest of the own voice that may be in a step that was heard. */
  #ownAround(step: number, band: number): number {
    let most = SILENT_DB;
    for (let shift = -1; shift <= 1; shift++) {
      const at = step - this.#delay + shift;
      if (at < 0 || at > step) continue;
      most = Math.max(most, this.#own[(at % MEMORY) * BANDS + band]!);
    }
    return most;
  }

  #compare(step: number): boolean {
    const at = (step % MEMORY) * BANDS;
    let above = 0;
    const speed = this.#compared++ < LEARNING_STEPS ? LEARNING : 1;
    for (let band = 0; band < BANDS; band++) {
      const own = this.#ownAround(step, band);
      const echo = own > SILENT_DB + 10 ? own + this.#gain[band]! : Number.NEGATIVE_INFINITY;
      const expected = Math.max(echo, this.#expected[band]! - DECAY_DB, this.#noise[band]! + 6);
      this.#expected[band] = expected;
      const excess = this.#heard[at + band]! - expected;
      above += Math.min(Math.max(excess - MARGIN_DB, 0), MOST_DB);
      if (echo > this.#noise[band]! + 6) this.#follow(band, this.#heard[at + band]! - own, speed);
    }
    this.#loud = ((this.#loud << 1) | (above > LOUD_DB * BANDS ? 1 : 0)) & 0xff;
    return bitsIn(this.#loud) >= LOUD_STEPS;
  }

  /** The gain that four of five steps stay below: it rises slowly while somebody speaks over the echo. */
  #follow(band: number, gain: number, speed: number): void {
    this.#gain[band]! += speed * (gain > this.#gain[band]! ? 0.08 : -0.02);
  }
}

function bitsIn(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function decibels(power: number): number {
  return Math.max(SILENT_DB, 10 * Math.log10(power + 1e-9));
}
