import type { Synthesizer } from '@sluice/core/voice';
import { SpeechRenderer } from './render-speech.ts';

/** Whose voice is which. */
export class VoiceBook {
  readonly #voices: Map<string, Synthesizer>;
  readonly #sampleRate: number;
  readonly #renderers = new Map<Synthesizer, SpeechRenderer>();

  /** `sampleRate` in hertz, of what they say. */
  constructor(people: Readonly<Record<string, Synthesizer>>, sampleRate: number) {
    this.#voices = new Map(Object.entries(people));
    this.#sampleRate = sampleRate;
  }

  give(name: string, voice: Synthesizer): void {
    this.#voices.set(name, voice);
  }

  /** Who has no voice of their own has that of the first. */
  of(name: string): SpeechRenderer {
    const voice = this.#voices.get(name) ?? [...this.#voices.values()][0]!;
    const renderer = this.#renderers.get(voice) ?? new SpeechRenderer(voice, this.#sampleRate);
    this.#renderers.set(voice, renderer);
    return renderer;
  }
}
