import { micros } from '../time/units.ts';
import type { VoiceDetectorEvent } from './voice-detector.ts';

export interface SpeechSwitchSettings {
  /** Voiced for so long without a break it is speech, in milliseconds. With 0 the first voiced block is. */
  readonly minSpeechMs: number;
  /** Speech is over after so long without a voiced block, in milliseconds. */
  readonly minSilenceMs: number;
}

/**
 * For a voice detector that judges sound in blocks: turns blocks that are voiced or not into `speech` and `silence`, in
 * turns. Blocks come in their order, with where they begin and end, in microseconds. Speech is told `minSpeechMs` late and
 * dated where it began; silence `minSilenceMs` late, dated behind the last voiced block.
 */
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

  take(voiced: boolean, from: number, to: number, { minSpeechMs, minSilenceMs }: SpeechSwitchSettings): void {
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
