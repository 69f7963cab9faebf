import { checkKeys, sleep } from '@sluice/core';
import { defineVoiceModel, RequestLine, type SpeechRequest, type Synthesizer } from '@sluice/core/voice';
import { LETTER_MS, letterSound, spellable } from './tone-code.ts';

/** Rate of {@link toneVoice}, and how late it is. */
export interface ToneVoiceOptions {
  /** Until the first samples, in milliseconds. Default 0. */
  readonly firstByteMs?: number;
  /** Hz: 8,000, 16,000, 24,000 or 48,000. Default 16,000. */
  readonly sampleRate?: number;
}

/**
 * A voice for tests that costs next to nothing: it spells, a letter in 50 ms of two tones, and `toneRecognizer` understands
 * it, through loss, noise, a real call and another voice that is weaker. What is cut is not understood. Exact word times.
 * -18 dBFS.
 *
 * @throws TypeError for options that do not exist
 */
export function toneVoice(options: ToneVoiceOptions = {}): Synthesizer<object> {
  checkKeys<ToneVoiceOptions>('toneVoice', options, { firstByteMs: true, sampleRate: true });
  const { firstByteMs = 0, sampleRate = 16_000 } = options;
  return defineVoiceModel({
    kind: 'synthesizer',
    name: 'tone-voice',
    produces: { sampleRate, channels: 1 },
    latencyMs: firstByteMs,
    words: true,
    settings: {},
    start: ({ clock, emit, signal, fail }) => {
      const line = new RequestLine<SpeechRequest>({ signal, fail }, async ({ id, epoch, text }, cancelled) => {
        if (firstByteMs > 0) await sleep(clock, firstByteMs, cancelled);
        let place = 0;
        const say = (letters: string) => {
          for (const letter of letters) {
            const samples = soundOf(letter, place++, sampleRate);
            emit({ type: 'audio', id, epoch, samples: samples.slice(), sampleRate, channels: 1 });
          }
        };
        for (const { 0: word, index: from } of text.matchAll(/\S+/g)) {
          const spelt = spellable(word);
          if (spelt === '') continue;
          const startMs = place * LETTER_MS;
          say(spelt);
          emit({ type: 'word', id, epoch, from, to: from + word.length, startMs, endMs: place * LETTER_MS });
          say(' ');
        }
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

const sounds = new Map<string, Int16Array>();

function soundOf(letter: string, place: number, sampleRate: number): Int16Array {
  const key = `${letter}${place % 2}${sampleRate}`;
  const sound = sounds.get(key) ?? letterSound(letter, place, sampleRate);
  sounds.set(key, sound);
  return sound;
}
