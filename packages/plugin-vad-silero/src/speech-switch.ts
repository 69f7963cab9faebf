import { micros } from '@sluice/core';
import type { VoiceDetectorEvent } from '@sluice/core/voice';

export interface SwitchSettings {
  readonly minSpeechMs: number;
  readonly minSilenceMs: number;
}

/** Blocks that are voiced or not to `speech` and `silence` in turns. Times are microseconds. */
export class SpeechSwitch {
  readonly #emit: (event: VoiceDetectorEvent) => void;
  #speaking = false;
  /** Where the voiced blocks began that are speech, or may become it. */
  #since: number | undefined;
  /** Behind the last voiced block. */
  #voicedEnd = 0;

  constructor(emit: (event: VoiceDetectorEvent) => void) {
    this.#emit = emit;
  }

  take(voiced: boolean, from: number, to: number, { minSpeechMs, minSilenceMs }: SwitchSettings): void {
    if (voiced) {
      this.#since ??= from;
      this.#voicedEnd = to;
      if (this.#speaking || to - this.#since < minSpeechMs * 1_000) return;
      this.#speaking = true;
      this.#emit({ type: 'speech', at: micros(this.#since), toldAt: micros(to) });
    } else if (!this.#speaking) this.#since = undefined;
    else if (to - this.#voicedEnd >= minSilenceMs * 1_000) this.end(to);
  }

  /** What seemed voiced from here on was not. */
  retract(from: number): void {
    if (this.#since !== undefined) this.#voicedEnd = Math.max(this.#since, Math.min(this.#voicedEnd, from));
  }

  /** Nothing more will be heard of what was said. */
  end(to: number): void {
    if (this.#speaking) this.#emit({ type: 'silence', at: micros(this.#voicedEnd), toldAt: micros(to) });
    this.#speaking = false;
    this.#since = undefined;
  }
}
