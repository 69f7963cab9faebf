import type { Word } from '@sluice/core/voice';
import type { TranscriptFrame } from '../voice-frames.ts';

/** What somebody has said in a turn: finals in their order, then what may still change. */
export class SaidWords {
  #texts: string[] = [];
  #words: Word[] = [];
  #partial: TranscriptFrame | undefined;
  #rejected = false;

  take(transcript: TranscriptFrame): void {
    const { final, rejected, text, words } = transcript;
    this.#partial = final ? undefined : transcript;
    if (!final) return;
    if (rejected) this.#rejected = true;
    // Words of what was not understood as a whole are guesses.
    if (rejected || text === '') return;
    this.#texts.push(text);
    this.#words.push(...words);
  }

  /** Whether the last words may still change. */
  get isOpen(): boolean {
    return this.#partial !== undefined;
  }

  get text(): string {
    const partial = this.#partial?.text ?? '';
    return (partial === '' ? this.#texts : [...this.#texts, partial]).join(' ');
  }

  get words(): readonly Word[] {
    const partial = this.#partial;
    return partial === undefined || partial.text === '' ? this.#words : [...this.#words, ...partial.words];
  }

  /** Whether something was said, and nothing of it understood. */
  get rejected(): boolean {
    return this.#rejected && this.text === '';
  }

  forget(): void {
    this.#texts = [];
    this.#words = [];
    this.#partial = undefined;
    this.#rejected = false;
  }
}
