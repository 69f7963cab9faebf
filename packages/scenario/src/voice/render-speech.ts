import { AudioConverter } from '@sluice/core/kernels';
import type { Synthesizer } from '@sluice/core/voice';

/** Something said, from its first sample to its last. */
export interface RenderedSpeech {
  readonly text: string;
  /** One channel. */
  readonly samples: Int16Array;
  readonly sampleRate: number;
}

/** Speaks ahead of time, and keeps what was said: the same words cost once. */
export class SpeechRenderer {
  readonly #synthesizer: Synthesizer;
  readonly #sampleRate: number;
  readonly #known = new Map<string, Promise<RenderedSpeech>>();

  /** `sampleRate` in hertz: what is rendered is converted to it. */
  constructor(synthesizer: Synthesizer, sampleRate: number) {
    this.#synthesizer = synthesizer;
    this.#sampleRate = sampleRate;
  }

  /** Rejects with the model's `VoiceError`. */
  render(text: string): Promise<RenderedSpeech> {
    let rendered = this.#known.get(text);
    if (rendered === undefined) {
      rendered = this.#speak(text);
      rendered.catch(() => this.#known.delete(text));
      this.#known.set(text, rendered);
    }
    return rendered;
  }

  async #speak(text: string): Promise<RenderedSpeech> {
    const { produces } = this.#synthesizer;
    // On the real clock: nobody waits for it in virtual time.
    const session = await this.#synthesizer.open();
    const parts: Int16Array[] = [];
    try {
      await session.write({ id: text, epoch: 0, text });
      for await (const event of session) {
        if (event.type === 'failed') throw event.error;
        if (event.type === 'finished') break;
        if (event.type === 'audio') parts.push(event.samples);
      }
    } finally {
      await session.close();
    }
    const converter = new AudioConverter(produces, { sampleRate: this.#sampleRate, channels: 1 });
    const converted = [...parts.map((part) => converter.process(part).slice()), converter.flush()];
    const samples = new Int16Array(converted.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of converted) {
      samples.set(part, at);
      at += part.length;
    }
    return { text, samples: trimmed(samples), sampleRate: this.#sampleRate };
  }
}

/** Without the silence around it, so that it begins and ends where it is said to. */
function trimmed(samples: Int16Array): Int16Array {
  const isLoud = (sample: number) => Math.abs(sample) > 100;
  const first = samples.findIndex(isLoud);
  return first < 0 ? new Int16Array(0) : samples.slice(first, samples.findLastIndex(isLoud) + 1);
}
