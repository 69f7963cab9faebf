import { toLufs } from './loudness-histogram.ts';

/** What a {@link SpeechLevel} runs by. */
export interface SpeechLevelSettings {
  readonly targetLufs: number;
  readonly gateLufs: number;
  readonly maxGainDb: number;
  readonly maxCutDb: number;
  readonly raiseDbPerSecond: number;
  readonly lowerDbPerSecond: number;
}

/** Hops of 10 ms: of speech that is remembered, behind speech that still count, that a level of the floor is of. */
const MEMORY = 150;
const HANG_OVER = 20;
const FLOOR_HOPS = 10;
/** The floor is the lowest of so many minima, each over so many of its levels: 3 s. */
const MINIMA = 6;
const LEVELS_PER_MINIMUM = 5;
/** How far speech is above the floor, in dB. */
const ABOVE_FLOOR = 9;
/** Speech whose mean over so many hops leaves by so much too loud, in dB, is another voice; it is lowered so many times as fast. */
const LEAP_HOPS = 10;
const LEAP = 8;
const LEAP_SPEED = 30;

/** Learns the level of speech from energies of hops of 10 ms, and the gain that brings it to its target. Knows no rate. */
export class SpeechLevel {
  /** What brings the speech to its target, as far as it may by now, in dB. */
  gainDb = 0;
  /** To which loudness it is brought, in LUFS. */
  targetLufs: number;
  readonly #settings: SpeechLevelSettings;
  #mean = 0;
  #learned = 0;
  /** The mean of the last hops of speech alone. */
  #lately = 0;
  /** A louder voice has begun, and is not lowered yet as it should be. */
  #leaps = false;
  #hangOver = 0;
  #floorSum = 0;
  #floorHops = 0;
  readonly #minima = new Float64Array(MINIMA).fill(Number.POSITIVE_INFINITY);
  #minimum = Number.POSITIVE_INFINITY;
  #levels = 0;

  constructor(settings: SpeechLevelSettings) {
    this.#settings = settings;
    this.targetLufs = settings.targetLufs;
  }

  /** Takes the weighted mean square of the next 10 ms. */
  add(energy: number): void {
    const floor = this.#floor();
    this.#follow(energy);
    const speech = toLufs(energy) > this.#settings.gateLufs && energy > (floor ?? 0) * 10 ** (ABOVE_FLOOR / 10);
    if (speech) this.#hangOver = floor === undefined ? 1 : HANG_OVER;
    else this.#hangOver = Math.max(0, this.#hangOver - 1);
    if (this.#hangOver === 0) return;
    this.#learned = Math.min(MEMORY, this.#learned + 1);
    this.#mean += (energy - this.#mean) / this.#learned;
    this.#lately += (energy - this.#lately) / Math.min(LEAP_HOPS, this.#learned);
    if (toLufs(this.#lately) + this.gainDb > this.targetLufs + LEAP) this.#leap();
    // Without a floor it is not known yet whether this is speech: it may be lowered, but not raised.
    this.#move(floor !== undefined);
  }

  /** What was said before says nothing of this voice. */
  #leap(): void {
    this.#mean = this.#lately;
    this.#learned = Math.min(LEAP_HOPS, this.#learned);
    this.#leaps = true;
  }

  #move(mayRaise: boolean): void {
    const { maxGainDb, maxCutDb, raiseDbPerSecond, lowerDbPerSecond } = this.#settings;
    const wanted = Math.max(-maxCutDb, Math.min(maxGainDb, this.targetLufs - toLufs(this.#mean)));
    const way = wanted - this.gainDb;
    this.#leaps &&= way < 0;
    const lower = (this.#leaps ? LEAP_SPEED : 1) * lowerDbPerSecond;
    this.gainDb += Math.max(-lower / 100, Math.min(mayRaise ? raiseDbPerSecond / 100 : 0, way));
  }

  /** The energy of the steady noise; undefined before half a second was heard. */
  #floor(): number | undefined {
    let lowest = Number.POSITIVE_INFINITY;
    for (const one of this.#minima) if (one < lowest) lowest = one;
    return lowest === Number.POSITIVE_INFINITY ? undefined : Math.min(lowest, this.#minimum);
  }

  #follow(energy: number): void {
    this.#floorSum += energy;
    if (++this.#floorHops < FLOOR_HOPS) return;
    this.#minimum = Math.min(this.#minimum, this.#floorSum / FLOOR_HOPS);
    this.#floorSum = 0;
    this.#floorHops = 0;
    if (++this.#levels % LEVELS_PER_MINIMUM !== 0) return;
    this.#minima.copyWithin(0, 1);
    this.#minima[MINIMA - 1] = this.#minimum;
    this.#minimum = Number.POSITIVE_INFINITY;
  }
}
