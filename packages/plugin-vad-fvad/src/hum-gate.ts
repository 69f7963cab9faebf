/** Blocks of 10 ms that a level is taken over: whole half periods of hum at 50 and at 60 Hz. */
const levelBlocks = 5;
/** Blocks for which the level has to stand still. */
export const steadyBlocks = 50;
/** How far a level that stands still may move, in dB. */
const steadyDb = 1.5;
/** How far above the steady sound a block has to be to count, in dB. */
const aboveDb = 2;
/** Mean square of what is taken for silence: one unit. */
const quiet = 1;

/**
 * Knows sound that stands still (hum, tones, fans), which libfvad takes for voice: two levels, of the samples and of
 * their differences, that both keep within a narrow range for half a second. Speech never does. What is not louder than
 * that sound is then no voice, until it has become quieter.
 */
export class HumGate {
  readonly #low = new SteadyLevel();
  readonly #high = new SteadyLevel();
  #last = 0;

  reset(): void {
    this.#low.reset();
    this.#high.reset();
    this.#last = 0;
  }

  /** Whether a block is nothing but the steady sound. */
  isHum(block: Int16Array): boolean {
    let energy = 0;
    let differences = 0;
    let last = this.#last;
    for (let index = 0; index < block.length; index++) {
      const sample = block[index]!;
      energy += sample * sample;
      differences += (sample - last) * (sample - last);
      last = sample;
    }
    this.#last = last;
    this.#low.take(energy / block.length);
    this.#high.take(differences / block.length);
    if (this.#low.isSteady && this.#high.isSteady) {
      this.#low.learn();
      this.#high.learn();
    }
    return this.#low.isFloor && this.#high.isFloor;
  }

  /** Whether it has just been found out, from the sound of the last half second. */
  get isSteady(): boolean {
    return this.#low.isSteady && this.#high.isSteady;
  }
}

/** A level, whether it stands still, and where it stood. */
class SteadyLevel {
  readonly #blocks = new Float64Array(levelBlocks);
  readonly #levels = new Float64Array(steadyBlocks);
  #count = 0;
  #block = 0;
  #level = 0;
  #floor = Number.NEGATIVE_INFINITY;
  isSteady = false;

  reset(): void {
    this.#count = 0;
    this.#floor = Number.NEGATIVE_INFINITY;
    this.isSteady = false;
  }

  get isFloor(): boolean {
    return this.#block <= this.#floor + aboveDb;
  }

  take(meanSquare: number): void {
    this.#blocks[this.#count % levelBlocks] = meanSquare;
    let sum = 0;
    for (let index = 0; index < levelBlocks; index++) sum += this.#blocks[index]!;
    this.#block = decibels(meanSquare);
    this.#level = decibels(sum / levelBlocks);
    this.#levels[this.#count % steadyBlocks] = this.#level;
    this.#count++;
    if (this.#level < this.#floor - aboveDb) this.#floor = Number.NEGATIVE_INFINITY;
    this.isSteady = this.#count >= levelBlocks + steadyBlocks && this.#range() <= steadyDb;
  }

  learn(): void {
    this.#floor = this.#level;
  }

  #range(): number {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < steadyBlocks; index++) {
      const level = this.#levels[index]!;
      if (level < least) least = level;
      if (level > most) most = level;
    }
    return most - least;
  }
}

function decibels(meanSquare: number): number {
  return 10 * Math.log10(meanSquare + quiet);
}
