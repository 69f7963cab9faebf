import type { SpeechRequest, SynthesizerEvent } from '@sluice/core/voice';
import { PcmReader } from '../sound/pcm.ts';
import type { SpeechNews } from './speech-protocol.ts';

/** A request under way: its sound and words to events, and what is waited for. */
export class SpokenRequest {
  readonly request: SpeechRequest;
  readonly #rate: number;
  readonly #emit: (event: SynthesizerEvent) => void;
  #samples = 0;
  readonly #pcm = new PcmReader();
  #over = false;
  #error: Error | undefined;
  #wake: () => void = () => {};

  constructor(request: SpeechRequest, sampleRate: number, emit: (event: SynthesizerEvent) => void) {
    this.request = request;
    this.#rate = sampleRate;
    this.#emit = emit;
  }

  get begun(): boolean {
    return this.#samples > 0;
  }

  get over(): boolean {
    return this.#over;
  }

  /** How much has sounded, in milliseconds. */
  get heardMs(): number {
    return (this.#samples * 1_000) / this.#rate;
  }

  /** Resolves with the next news, rejects when the connection is lost. */
  next(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wake = () => (this.#error === undefined ? resolve() : reject(this.#error));
      if (this.#over || this.#error !== undefined) this.#wake();
    });
  }

  take(news: Exclude<SpeechNews, { type: 'cleared' }>): void {
    if (this.#over) return;
    const { id, epoch } = this.request;
    if (news.type === 'audio') this.#hear(news.bytes);
    else if (news.type === 'word') this.#emit({ ...news, id, epoch });
    else this.#over = true;
    this.#wake();
  }

  /** Nothing more is wanted of it. */
  stop(): void {
    this.#over = true;
    this.#wake();
  }

  fail(error: Error): void {
    this.#error = error;
    this.#wake();
  }

  #hear(bytes: Uint8Array): void {
    const samples = this.#pcm.read(bytes);
    if (samples.length === 0) return;
    this.#samples += samples.length;
    const { id, epoch } = this.request;
    this.#emit({ type: 'audio', id, epoch, samples, sampleRate: this.#rate, channels: 1 });
  }
}
