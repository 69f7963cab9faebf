import { Declick } from '../../kernels/audio/declick.ts';
import { GainRamp } from '../../kernels/audio/gain-ramp.ts';

/** A block of one input on its way into the mix: its gain, and no click where it begins, breaks off or leaves. */
export class MixerVoice {
  readonly #channels: number;
  readonly #gain: GainRamp;
  readonly #leave = new GainRamp(1);
  readonly #declick: Declick;
  #sounding = false;
  /** Of the block that is read; grows with it. */
  values = new Float32Array(0);

  /** @param fade length of what replaces a click, in sample frames */
  constructor(channels: number, gain: number, fade: number) {
    this.#channels = channels;
    this.#gain = new GainRamp(gain);
    this.#declick = new Declick(channels, fade);
  }

  /** Whether the last value was sound. */
  get sounding(): boolean {
    return this.#sounding;
  }

  /** Whether its sound has died away. */
  get settled(): boolean {
    return this.#declick.settled;
  }

  /** Moves to a gain over so many sample frames. */
  rampTo(gain: number, length: number): void {
    this.#gain.rampTo(gain, length);
  }

  /** Begins a block of so many values, the first of them silent. */
  begin(size: number, silent: number): void {
    if (this.values.length < size) this.values = new Float32Array(size);
    this.values.fill(0, 0, silent);
  }

  /** Sound was read into the values. `breaks`: it does not continue what stands before it. */
  pass(from: number, end: number, breaks: boolean): void {
    this.#gain.scale(this.values, from, end, this.#channels);
    if (breaks || !this.#sounding) this.#declick.breakBefore(this.values, from);
    this.#declick.process(this.values, from, end);
    this.#sounding = true;
  }

  /** There is no sound from here on. */
  goQuiet(from: number, end: number): void {
    this.values.fill(0, from, end);
    this.#gain.skip((end - from) / this.#channels);
    if (this.#sounding) this.#declick.breakBefore(this.values, from);
    this.#declick.process(this.values, from, end);
    this.#sounding = false;
  }

  /** What was passed on is dropped behind it: nothing has to be joined to it. */
  forget(): void {
    this.#declick.reset();
    this.#sounding = false;
  }

  /** Leaves from a sample frame on, over `fade` of them. Returns whether it is gone. */
  fadeOut(from: number, end: number, fade: number): boolean {
    if (this.#leave.target !== 0) this.#leave.rampTo(0, fade);
    this.#leave.scale(this.values, from * this.#channels, end * this.#channels, this.#channels);
    return this.#leave.settled;
  }
}
