import type { Clock } from '@sluice/core';

/** Samples up to this are digital silence: of A-law +8 and -8 are. */
const SILENCE = 8;
const SILENT_MS = 10_000;
const ABSENT_MS = 3_000;

/** Tells what is wrong with what is heard, though the socket is well. */
export class SoundWatch {
  readonly #clock: Clock;
  readonly #sampleRate: number;
  #silentMs = 0;
  #lastAt: number | undefined;
  ended = false;

  constructor(clock: Clock, sampleRate: number) {
    this.#clock = clock;
    this.#sampleRate = sampleRate;
  }

  /** How long there was nothing but digital silence until now, in milliseconds of sound. */
  get silentMs(): number {
    return this.#silentMs;
  }

  hear(samples: Int16Array, length: number): void {
    this.#lastAt = this.#clock.now();
    for (const sample of samples) {
      if (sample <= SILENCE && sample >= -SILENCE) continue;
      this.#silentMs = 0;
      return;
    }
    this.#silentMs += (length * 1_000) / this.#sampleRate;
  }

  problems(): string[] {
    if (this.#lastAt === undefined || this.ended) return [];
    const absentMs = this.#clock.now() - this.#lastAt;
    if (absentMs >= ABSENT_MS)
      return [
        `has got no message for ${seconds(absentMs)}: the gateway stopped sending, or leaves out pauses, for which gaps stand where it numbers its messages`,
      ];
    if (this.#silentMs < SILENT_MS) return [];
    return [
      `gets messages, and the sound in them is digital silence for ${seconds(this.#silentMs)}: whoever speaks is muted, or a gateway lost their stream (a change of SSRC or codec); look at what it receives`,
    ];
  }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1_000)} s`;
}
