import { decibelsToGain } from '../clamp.ts';
import { dtmfColumns, dtmfKeys, dtmfRows } from './dtmf-tones.ts';
import { GoertzelBank } from './goertzel-bank.ts';
import { type ToneFit, ToneWindow, WINDOW_BLOCKS } from './tone-window.ts';

// ITU-T Q.24, the values of AT&T in its annex, with what measuring needs beside them.

/** How far off a frequency may be: 1.5 % has to be accepted, 3.5 % refused. */
const TOLERANCE = 0.025;
/** The column's tone over the row's in dB: 4 has to be accepted, and -8. */
const MOST_TWIST = 5.5;
const LEAST_TWIST = -9.5;
/** The part of a window's energy that is the two tones: of a window with 24 ms of them in silence 80 %. */
const LEAST_SHARE = 0.84;
/** Tones that swell or die within 15 ms are speech or music. */
const LEAST_STEADINESS = 0.5;
/** Windows that have to agree: 35 ms of tones. */
const AGREEING = 2;
/** Blocks without the tones that end a digit: 10 ms must not, 40 ms have to. */
const PAUSE_BLOCKS = 4;
/** The longest hole in the stream that may lie inside one press of a key, in seconds. */
const LONGEST_HOLE = 0.04;
const BLOCK_SECONDS = 0.005;

/** The rate below which the highest tone cannot be told, in Hz. */
export const lowestDtmfRate = 4_000;

/** Gets a digit and its first sample and the one behind its last, counted from the first sample of all. */
export type TellDigit = (digit: string, start: number, end: number) => void;

/**
 * Finds the digits of a keypad in sound, in windows of 30 ms each 5 ms. Of each window it wants one tone of a row and one
 * of a column that together are nearly all its energy, the weaker one more than all the rest: speech and chords are not.
 * Start and end are as exact as about 1 ms.
 */
export class DtmfDetector {
  readonly #sampleRate: number;
  readonly #block: Float64Array;
  readonly #bank: GoertzelBank;
  readonly #window: ToneWindow;
  readonly #row: ToneFit = { energy: 0, steadiness: 0, offset: 0 };
  readonly #column: ToneFit = { energy: 0, steadiness: 0, offset: 0 };
  /** The least energy of a tone in a window. */
  readonly #least: number;
  #filled = 0;
  #position = 0;
  /** The key of the latest windows, as an index, and how many of them agree. */
  #seen = -1;
  #agreeing = 0;
  /** The key that is held down, since when, and the energy of its tones in a block. */
  #key = -1;
  #start = 0;
  #power = 0;
  #absent = 0;

  /** @param minLevelDb peak of the weakest tone that counts, in dBFS */
  constructor(sampleRate: number, minLevelDb: number) {
    const length = Math.round(sampleRate * BLOCK_SECONDS);
    const tones = [...dtmfRows, ...dtmfColumns];
    this.#sampleRate = sampleRate;
    this.#block = new Float64Array(length);
    this.#bank = new GoertzelBank(tones, sampleRate, length);
    this.#window = new ToneWindow(tones.length, length, sampleRate);
    this.#least = ((32_768 * decibelsToGain(minLevelDb)) ** 2 / 2) * length * WINDOW_BLOCKS;
  }

  /** Samples per channel so far, those that were missing included. */
  get position(): number {
    return this.#position;
  }

  /** Listens to the mean of all channels. */
  process(samples: Int16Array, channels: number, tell: TellDigit): void {
    for (let index = 0; index < samples.length; ) {
      let sum = 0;
      for (const end = index + channels; index < end; index++) sum += samples[index]!;
      this.#block[this.#filled++] = sum / channels;
      this.#position++;
      if (this.#filled === this.#block.length) this.#measure(tell);
    }
  }

  /** Samples per channel are missing here. A key may be held down across a short hole. */
  skip(samples: number, tell: TellDigit): void {
    if (samples > LONGEST_HOLE * this.#sampleRate) this.flush(tell);
    this.#filled = 0;
    this.#position += samples;
  }

  /** The sound ends here: tells the digit whose key is held down. */
  flush(tell: TellDigit): void {
    if (this.#key >= 0) this.#release(this.#absent === 0 ? this.#position : this.#endEdge(), tell);
    this.#window.clear();
    this.#agreeing = 0;
    this.#filled = 0;
  }

  #measure(tell: TellDigit): void {
    this.#filled = 0;
    this.#bank.measure(this.#block);
    this.#window.add(this.#bank, this.#position);
    const key = this.#judge();
    this.#agreeing = key >= 0 && key === this.#seen ? this.#agreeing + 1 : 1;
    this.#seen = key;
    if (key >= 0 && key === this.#key) this.#power = (this.#row.energy + this.#column.energy) / WINDOW_BLOCKS;
    else if (key >= 0 && this.#agreeing >= AGREEING) this.#press(key, tell);
    if (this.#key < 0) return;
    this.#absent = this.#isPresent() ? 0 : this.#absent + 1;
    if (this.#absent >= PAUSE_BLOCKS) this.#release(this.#endEdge(), tell);
  }

  /** The index of the key whose tones fill the latest window, or -1. */
  #judge(): number {
    const window = this.#window;
    if (window.energy < 2 * this.#least) return -1;
    const row = window.strongest(0, 4);
    const column = window.strongest(4, 8);
    window.fit(row, this.#row);
    window.fit(column, this.#column);
    const { energy: low } = this.#row;
    const { energy: high } = this.#column;
    const rest = window.energy - low - high;
    const twist = 10 * Math.log10(high / low);
    const fits =
      Math.min(low, high) >= Math.max(this.#least, rest) &&
      rest <= (1 - LEAST_SHARE) * window.energy &&
      twist <= MOST_TWIST &&
      twist >= LEAST_TWIST &&
      Math.min(this.#row.steadiness, this.#column.steadiness) >= LEAST_STEADINESS &&
      Math.abs(this.#row.offset) <= TOLERANCE * dtmfRows[row]! &&
      Math.abs(this.#column.offset) <= TOLERANCE * dtmfColumns[column - 4]!;
    return fits ? row * 4 + column - 4 : -1;
  }

  #press(key: number, tell: TellDigit): void {
    // Without a pause between, the tones of both overlap in the windows: the new one began when the windows did.
    const change = this.#key < 0 ? undefined : this.#window.endOf(WINDOW_BLOCKS);
    if (change !== undefined) this.#release(change, tell);
    this.#key = key;
    this.#power = (this.#row.energy + this.#column.energy) / WINDOW_BLOCKS;
    this.#absent = 0;
    this.#start = change ?? this.#startEdge();
  }

  #release(end: number, tell: TellDigit): void {
    const digit = dtmfKeys[this.#key]!;
    this.#key = -1;
    this.#agreeing = 0;
    tell(digit, this.#start, end);
  }

  /** What the held key's tones explain of a block. */
  #explained(back: number): number {
    return this.#window.power(this.#key >> 2, back) + this.#window.power(4 + (this.#key & 3), back);
  }

  #isPresent(): boolean {
    return this.#explained(0) >= Math.max(0.25 * this.#power, 0.4 * this.#window.energyOf(0));
  }

  /** How much of the held key's amplitude a block has: with tones in half of it about 0.5; noise is none. */
  #amplitude(back: number): number {
    const amplitude = Math.min(1, Math.sqrt(this.#explained(back) / this.#power));
    return amplitude < 0.15 ? 0 : amplitude;
  }

  #startEdge(): number {
    let first = 3;
    while (first < 8 && this.#amplitude(first + 1) >= 0.5) first++;
    const blocks = this.#amplitude(first) + this.#amplitude(first + 1);
    return Math.max(0, Math.round(this.#window.endOf(first) - blocks * this.#block.length));
  }

  #endEdge(): number {
    const last = this.#absent;
    const begin = this.#window.endOf(last) - this.#block.length;
    return Math.round(begin + (this.#amplitude(last) + this.#amplitude(last - 1)) * this.#block.length);
  }
}
