import { AudioFrame, pullSource, type Source, samplesToMicros } from '@sluice/core';

/** What an agent says, taken as there is room: sentences of one utterance each, in frames of 20 ms. */
export class Voice {
  readonly source: Source<AudioFrame>;
  readonly #sampleRate: number;
  readonly #frames: AudioFrame[] = [];
  #position = 0;
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    const format = { kind: 'audio', sampleRate, channels: 1 } as const;
    this.source = pullSource<AudioFrame>({ name: 'voice', format }, () => ({
      external: false,
      read: () => this.#read(),
    }));
  }

  /** How much was taken, in milliseconds. */
  takenMs = 0;

  say(samples: Int16Array, utterance: string): void {
    const length = this.#sampleRate / 50;
    for (let at = 0; at < samples.length; at += length) {
      const part = samples.slice(at, at + length);
      const timestamp = samplesToMicros(this.#position, this.#sampleRate);
      this.#frames.push(
        new AudioFrame({ samples: part, sampleRate: this.#sampleRate, channels: 1, timestamp, utterance }),
      );
      this.#position += part.length;
    }
    this.#wake?.();
  }

  /** What was not taken is not said. */
  drop(): void {
    this.#frames.length = 0;
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async #read(): Promise<AudioFrame | null> {
    while (this.#frames.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    const frame = this.#frames.shift();
    this.takenMs += (frame?.duration ?? 0) / 1_000;
    return frame ?? null;
  }
}
