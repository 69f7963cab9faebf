import type { AudioFrame } from '@sluice/core';
import { inspectLimits } from '../protocol/limits.ts';
import { encodePacket } from '../protocol/media-packet.ts';
import { Stretch } from './stretch.ts';

/** Makes packets of the sound that passes: whole in itself, without a gap inside, of 50 ms or what is there. */
export class SoundPackets {
  readonly #scope: number;
  readonly #send: (packet: Uint8Array) => void;
  readonly #stretch = new Stretch();
  #samples = new Int16Array(0);
  #filled = 0;
  #head = { channels: 1, rate: 0, timestamp: 0, epoch: 0, gap: 0 };

  constructor(scope: number, send: (packet: Uint8Array) => void) {
    this.#scope = scope;
    this.#send = send;
  }

  push(frame: AudioFrame): void {
    if (this.#stretch.begins(frame)) {
      this.flush();
      this.#begin(frame);
    }
    for (let taken = 0; taken < frame.samples.length; ) {
      const part = frame.samples.subarray(taken, taken + this.#samples.length - this.#filled);
      this.#samples.set(part, this.#filled);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === this.#samples.length) this.flush();
    }
  }

  /** Sends what is there. */
  flush(): void {
    if (this.#filled === 0) return;
    const { channels, rate } = this.#head;
    const payload = new Uint8Array(this.#samples.buffer, 0, 2 * this.#filled);
    this.#send(encodePacket({ kind: 'sound', scope: this.#scope, ...this.#head, payload }));
    this.#head.timestamp += (1e6 * this.#filled) / channels / rate;
    this.#head.gap = 0;
    this.#filled = 0;
  }

  #begin({ channels, sampleRate, timestamp, epoch, gap }: AudioFrame): void {
    this.#head = { channels, rate: sampleRate, timestamp, epoch, gap: gap?.duration ?? 0 };
    const size = channels * Math.ceil((sampleRate * inspectLimits.packetMs) / 1_000);
    if (size !== this.#samples.length) this.#samples = new Int16Array(size);
  }
}
