import { type AudioFrame, type Micros, samplesToMicros } from '@sluice/core';

/** Length of a block in microseconds: a whole number of samples at every rate that is taken. */
export const blockMicros = 10_000;

/** Timestamps that stray further than this from what came before are a hole, in microseconds. */
const strayMicros = 1_000;

export interface BlockReceiver {
  /** What comes now does not follow on what came before: at another rate, or after a hole. */
  begin(sampleRate: number): void;
  /** The next 10 ms, from here to 10 ms later. The samples are valid during the call. */
  block(samples: Int16Array, from: number): void;
}

/** Cuts sound into blocks of 10 ms, whatever the pieces. Nothing is allocated but at a new rate. */
export class BlockCutter {
  readonly #receiver: BlockReceiver;
  #block = new Int16Array(0);
  #filled = 0;
  /** Media time of sample 0 since the beginning. */
  #anchor = 0;
  #received = 0;
  /** Where the frame before ended. */
  #end = Number.NaN;
  #sampleRate = 0;

  constructor(receiver: BlockReceiver) {
    this.#receiver = receiver;
  }

  /** Behind the last sample that was written. */
  get position(): Micros {
    return (this.#anchor + samplesToMicros(this.#received, this.#sampleRate || 1)) as Micros;
  }

  write(frame: AudioFrame): void {
    this.#follow(frame);
    const { samples } = frame;
    const block = this.#block;
    for (let index = 0; index < samples.length; index++) {
      block[this.#filled++] = samples[index]!;
      if (this.#filled < block.length) continue;
      this.#filled = 0;
      const from = this.#anchor + samplesToMicros(this.#received + index + 1, this.#sampleRate) - blockMicros;
      this.#receiver.block(block, from);
    }
    this.#received += samples.length;
    this.#end = frame.timestamp + samplesToMicros(samples.length, this.#sampleRate);
  }

  #follow(frame: AudioFrame): void {
    const { timestamp, sampleRate, gap } = frame;
    const follows = gap === undefined && Math.abs(timestamp - this.#end) <= strayMicros;
    if (follows && sampleRate === this.#sampleRate) {
      // Clocks drift; rounding does not add up.
      const stray = timestamp - this.position;
      if (Math.abs(stray) > strayMicros) this.#anchor += stray;
      return;
    }
    this.#receiver.begin(sampleRate);
    if (sampleRate !== this.#sampleRate) this.#block = new Int16Array((sampleRate * blockMicros) / 1_000_000);
    this.#sampleRate = sampleRate;
    this.#filled = 0;
    this.#received = 0;
    this.#anchor = timestamp;
  }
}
