import { inspect } from 'node:util';
import { isVoiceError } from '@sluice/core/voice';
import type { RecognitionNews } from '@sluice/service';
import { garbledForms } from '@sluice/service/testing';
import { describe, expect, it } from 'vitest';
import { fluxReader } from '../flux/flux-reader.ts';
import { listenReader } from './listen-reader.ts';

const identity = { model: 'model', service: 'Deepgram' };
const word = { word: 'one', punctuated_word: 'One', start: 0.1, end: 0.3, confidence: 0.9 };
const results = {
  type: 'Results',
  start: 0,
  duration: 1,
  is_final: true,
  speech_final: true,
  from_finalize: false,
  channel: { alternatives: [{ transcript: 'One', confidence: 0.9, words: [word] }] },
};
const turn = {
  type: 'TurnInfo',
  event: 'EndOfTurn',
  turn_index: 0,
  audio_window_start: 0,
  audio_window_end: 1,
  transcript: 'One',
  words: [{ word: 'One', confidence: 0.9, start: 0.1, end: 0.3 }],
};

/** Whether news are of the kinds that they are said to be. */
function isSound(news: RecognitionNews): boolean {
  const numbers = (...values: readonly unknown[]) =>
    values.every((value) => value === undefined || typeof value === 'number');
  if (news.type === 'ready') return true;
  if (news.type === 'silence') return typeof news.to === 'number';
  const bounds = news.type === 'final' ? [news.from, news.to] : [];
  return (
    typeof news.text === 'string' &&
    numbers(...bounds) &&
    news.words.every(
      ({ text, start, end, confidence }) =>
        typeof text === 'string' && typeof start === 'number' && typeof end === 'number' && numbers(confidence),
    )
  );
}

describe.each([
  ['Results', listenReader, results],
  ['an interim of Results', listenReader, { ...results, is_final: false }],
  ['an error', listenReader, { type: 'Error', code: 'BAD', description: 'no', message: 'no' }],
  ['TurnInfo', fluxReader, turn],
  ['an update of TurnInfo', fluxReader, { ...turn, event: 'StartOfTurn' }],
] as const)('%s', (_name, reader, message) => {
  it('of another form is a fault of the service, or told as far as it is sound', () => {
    const forms = [null, 1, 'text', [], ...garbledForms(message)];
    expect(forms.length).toBeGreaterThan(20);
    for (const form of forms) {
      const told = attempt(() => reader(identity)(form));
      const isMet = Array.isArray(told) ? told.every(isSound) : isVoiceError(told);
      expect(isMet, inspect([form, told], { depth: 9 })).toBe(true);
    }
  });
});

function attempt(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
