import { checkKeys, sleep } from '@sluice/core';
import { defineVoiceModel, type Recognizer, type Word } from '@sluice/core/voice';
import { LettersHeard } from './letters-heard.ts';

/** How late {@link toneRecognizer} is. */
export interface ToneRecognizerOptions {
  /** Until its final comes after it was asked for, in milliseconds. Default 0. */
  readonly finalMs?: number;
}

/**
 * Understands what `toneVoice` says, from the sound alone: what was lost or cut is missing, and of a cough there is nothing
 * to understand. A partial comes with each word, about 30 ms after its last letter.
 *
 * @throws TypeError for options that do not exist
 */
export function toneRecognizer(options: ToneRecognizerOptions = {}): Recognizer<object> {
  checkKeys<ToneRecognizerOptions>('toneRecognizer', options, { finalMs: true });
  const { finalMs = 0 } = options;
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'tone-recognizer',
    accepts: { sampleRates: [16_000, 8_000, 24_000, 48_000], channels: [1] },
    latencyMs: finalMs,
    words: true,
    settings: {},
    start: ({ clock, emit, signal }) => {
      let words: Word[] = [];
      const textOf = () => words.map(({ text }) => text).join(' ');
      const letters = new LettersHeard((word) => {
        words.push(word);
        emit({ type: 'partial', text: textOf(), words: [...words] });
      });
      return {
        write: (frame) => letters.read(frame),
        async flush() {
          const stretch = letters.finish();
          if (stretch === undefined) return;
          const [text, said] = [textOf(), words];
          words = [];
          if (finalMs > 0) await sleep(clock, finalMs, signal);
          emit({ type: 'final', text, words: said, ...stretch });
        },
      };
    },
  });
}
