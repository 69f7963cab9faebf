import { sleep } from '../../time/clock.ts';
import { defineVoiceModel } from '../define-voice-model.ts';
import { RequestLine } from '../request-line.ts';
import type { SpeechRequest, Synthesizer } from '../synthesizer.ts';

export interface FakeSynthesizerOptions {
  /** Until the first samples, in milliseconds. Default 0. */
  readonly firstByteMs?: number;
  /** How long a word sounds, in milliseconds; a pause of a fifth follows it. Default 250. */
  readonly wordMs?: number;
  /** In hertz. Default 16,000. */
  readonly sampleRate?: number;
  /** Of the tone that stands for the voice, in hertz. Default 220. */
  readonly frequency?: number;
  /** Samples per channel a piece. Default 320. */
  readonly pieceLength?: number;
}

/** A synthesizer that speaks tones: one a word, with the time of each. All of a request comes at once after its delay. */
export function fakeSynthesizer(options: FakeSynthesizerOptions = {}): Synthesizer<object> {
  const { firstByteMs = 0, wordMs = 250, sampleRate = 16_000, frequency = 220, pieceLength = 320 } = options;
  const wordLength = Math.round((wordMs * sampleRate) / 1_000);
  const pause = Math.round(wordLength / 5);
  const word = new Int16Array(wordLength + pause);
  for (let index = 0; index < wordLength; index++) {
    // A rise and a fall of 5 ms at the ends, so that nothing clicks.
    const edge = Math.min(1, index / (sampleRate / 200), (wordLength - 1 - index) / (sampleRate / 200));
    word[index] = Math.round(8_000 * edge * Math.sin((2 * Math.PI * frequency * index) / sampleRate));
  }
  const toMs = (samples: number) => (samples * 1_000) / sampleRate;

  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'fake-synthesizer',
    produces: { sampleRate, channels: 1 },
    latencyMs: firstByteMs,
    words: true,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch, text }, cancelled) => {
        if (firstByteMs > 0) await sleep(clock, firstByteMs, cancelled);
        const words = [...text.matchAll(/\S+/g)];
        const all = new Int16Array(words.length * word.length);
        for (const [index, { 0: letters, index: from }] of words.entries()) {
          const start = index * word.length;
          all.set(word, start);
          const [startMs, endMs] = [toMs(start), toMs(start + wordLength)];
          emit({ type: 'word', id, epoch, from, to: from + letters.length, startMs, endMs });
        }
        for (let at = 0; at < all.length; at += pieceLength)
          emit({ type: 'audio', id, epoch, samples: all.slice(at, at + pieceLength), sampleRate, channels: 1 });
        emit({ type: 'finished', id, epoch });
      });
      return {
        write: (request) => line.add(request),
        flush: () => line.idle(),
        onCancel: (epoch) => line.cancel(epoch),
      };
    },
  });
}
