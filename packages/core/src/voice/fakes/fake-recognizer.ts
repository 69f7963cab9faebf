import { sleep } from '../../time/clock.ts';
import { micros } from '../../time/units.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import type { Recognizer, Word } from '../recognizer.ts';
import { Loudness } from './loudness.ts';

export interface FakeRecognizerOptions {
  /** What each stretch of speech says, in turn; further ones say nothing. Or what the n-th says. */
  readonly texts?: readonly string[] | ((index: number) => string);
  /** Until its final comes after it was asked for, in milliseconds. Default 0. */
  readonly finalMs?: number;
  /** Mean level of 10 ms above which there is speech, in dBFS. Default -45. */
  readonly thresholdDb?: number;
}

/**
 * A recogniser that hears that something was said and knows from its script what. Its words stand evenly between the
 * first and the last loud sample; a partial is told with each that has begun.
 */
export function fakeRecognizer(options: FakeRecognizerOptions = {}): Recognizer<object> {
  const { texts = [], finalMs = 0, thresholdDb = -45 } = options;
  const textOf = typeof texts === 'function' ? texts : (index: number) => texts[index] ?? '';
  return defineVoiceModel({
    kind: 'recognizer',
    name: 'fake-recognizer',
    accepts: { sampleRates: [16_000, 8_000, 24_000, 48_000], channels: [1] },
    latencyMs: finalMs,
    words: true,
    settings: {},
    start: ({ clock, emit, signal }) => {
      const loudness = new Loudness(thresholdDb);
      let index = 0;
      let heard: { start: number; end: number; words: number } | undefined;
      const wordsOf = (text: string, start: number, end: number): Word[] => {
        const parts = text.match(/\S+/g) ?? [];
        const at = (part: number) => micros(Math.round(start + ((end - start) * part) / parts.length));
        return parts.map((part, i) => ({ text: part, start: at(i), end: at(i + 1) }));
      };
      return {
        write(frame) {
          loudness.read(frame, (loud, from, to) => {
            if (!loud) return;
            heard ??= { start: from, end: to, words: 0 };
            heard.end = to;
            const all = textOf(index).match(/\S+/g) ?? [];
            const begun = Math.min(all.length, 1 + Math.floor((heard.end - heard.start) / 250_000));
            if (begun <= heard.words) return;
            heard.words = begun;
            const text = all.slice(0, begun).join(' ');
            emit({ type: 'partial', text, words: wordsOf(text, heard.start, heard.end) });
          });
        },
        async flush() {
          const stretch = heard;
          if (stretch === undefined) return;
          heard = undefined;
          const text = textOf(index++);
          if (finalMs > 0) await sleep(clock, finalMs, signal);
          const [start, end] = [micros(stretch.start), micros(stretch.end)];
          emit({ type: 'final', text, words: wordsOf(text, start, end), start, end });
        },
      };
    },
  });
}
