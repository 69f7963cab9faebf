import type { AudioFrame } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import { encodePacket } from '../protocol/media-packet.ts';
import { Stretch } from './stretch.ts';

const RATE = inspectLimits.peaksPerSecond;
/** Pairs in a packet: a tenth of a second. */
const PAIRS = RATE / 10;

/** Makes packets of the envelope: the lowest and the highest sample of each hundredth of a second, of all channels. */
export class PeakPackets {
  readonly #scope: number;
  readonly #send: (packet: Uint8Array) => void;
  readonly #stretch = new Stretch();
  readonly #pairs = new Int16Array(2 * PAIRS);
  #filled = 0;
  #left = 0;
  #size = 0;
  #low = 0;
  #high = 0;
  #head = { channels: 1, rate: RATE, timestamp: 0, epoch: 0, gap: 0 };

  constructor(scope: number, send: (packet: Uint8Array) => void) {
    this.#scope = scope;
    this.#send = send;
  }

  push(frame: AudioFrame): void {
    if (this.#stretch.begins(frame)) {
      this.flush();
      this.#begin(frame);
    }
    for (const sample of frame.samples) {
      if (sample < this.#low) this.#low = sample;
      if (sample > this.#high) this.#high = sample;
      if (--this.#left === 0) this.#pairDone();
    }
  }

  /** Sends the pairs that are whole. */
  flush(): void {
    if (this.#filled === 0) return;
    const payload = new Uint8Array(this.#pairs.buffer, 0, 4 * this.#filled);
    this.#send(encodePacket({ kind: 'peaks', scope: this.#scope, ...this.#head, payload }));
    this.#head.timestamp += (1e6 * this.#filled) / RATE;
    this.#head.gap = 0;
    this.#filled = 0;
  }

  #pairDone(): void {
    this.#pairs[2 * this.#filled] = this.#low;
    this.#pairs[2 * this.#filled + 1] = this.#high;
    this.#filled++;
    this.#open();
    if (this.#filled === PAIRS) this.flush();
  }

  #begin({ channels, sampleRate, timestamp, epoch, gap }: AudioFrame): void {
    this.#head = { channels: 1, rate: RATE, timestamp, epoch, gap: gap?.duration ?? 0 };
    this.#size = channels * Math.round(sampleRate / RATE);
    this.#open();
  }

  #open(): void {
    this.#left = this.#size;
    this.#low = 32_767;
    this.#high = -32_768;
  }
}
