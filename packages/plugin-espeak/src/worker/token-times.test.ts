import { expect, it } from 'vitest';
import { soundWithin } from './sound-within.ts';
import { type EspeakEvent, tokenTimes } from './token-times.ts';

const sentence = (at: number) => ({ type: 'sentence', audio_position: at });
const mark = (id: number, at: number) => ({ type: 'mark', audio_position: at, id: `${id}` });
/** A second at 1 kHz that sounds but from 400 to 600 ms. */
const sound = Int16Array.from({ length: 1_000 }, (_, at) => (at >= 400 && at < 600 ? 0 : 5_000));
const times = (text: string, ...events: EspeakEvent[]) =>
  tokenTimes(events, text.split(' '), sound, 1_000).map(
    ({ token, startMs, endMs }) => `${token}:${Math.round(startMs)}-${Math.round(endMs)}`,
  );

it('takes a token from its mark to the next, without the pauses', () => {
  const events = [mark(0, 0), sentence(0), mark(1, 200), mark(2, 500)];
  expect(times('a b c', ...events)).toEqual(['0:0-200', '1:200-400', '2:600-1000']);
});

it('takes the beginnings of sentences for the marks that are missing there', () => {
  expect(times('a b c', mark(0, 0), sentence(0), sentence(600), mark(2, 800))).toEqual([
    '0:0-400',
    '1:600-800',
    '2:800-1000',
  ]);
  const twoAtTheEnd = [mark(0, 0), sentence(0), sentence(200), sentence(700)];
  expect(times('a b c', ...twoAtTheEnd)).toEqual(['0:0-200', '1:200-700', '2:700-1000']);
  expect(times('a b', mark(0, 0), sentence(0), sentence(200), mark(1, 300))).toEqual(['0:0-300', '1:300-1000']);
});

it('shares the time of words that are spoken as one by their letters', () => {
  expect(times('of the best', mark(0, 0), mark(1, 400), mark(2, 400))).toEqual(['0:0-160', '1:160-400', '2:600-1000']);
  expect(times('in the', mark(1, 0))).toEqual(['0:0-400', '1:400-1000']);
});

it('has nothing where nothing sounds', () => {
  expect(times('a b c', mark(0, 0), mark(1, 400), mark(2, 600))).toEqual(['0:0-400', '2:600-1000']);
  expect(tokenTimes([], ['a'], new Int16Array(0), 1_000)).toEqual([]);
  expect(soundWithin(sound, 1_000, { startMs: 410, endMs: 590 })).toBeUndefined();
});
