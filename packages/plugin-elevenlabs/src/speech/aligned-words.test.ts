import { describe, expect, it } from 'vitest';
import { AlignedWords, type Alignment } from './aligned-words.ts';

/** Characters of 10 ms each. */
const of = (text: string): Alignment => ({
  chars: [...text],
  charStartTimesMs: [...text].map((_, index) => index * 10),
  charDurationsMs: [...text].map(() => 10),
});

describe('AlignedWords', () => {
  it('gives a word once all of it has sounded, over pieces that cut it', () => {
    const words = new AlignedWords('Hello there, you.');
    expect(words.take(of(' Hel'), 0)).toEqual([]);
    expect(words.take(of('lo the'), 40)).toEqual([{ from: 0, to: 5, startMs: 10, endMs: 60 }]);
    expect(words.take(of('re, you.'), 100)).toEqual([
      { from: 6, to: 12, startMs: 70, endMs: 130 },
      { from: 13, to: 17, startMs: 140, endMs: 180 },
    ]);
    expect(words.rest()).toEqual([]);
  });

  it('finds its place again after what the service leaves out, and gives no time to what has none', () => {
    const words = new AlignedWords('One [sigh] two 😀 three');
    expect(words.take(of('One  two '), 0).map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [11, 14],
    ]);
    expect(words.take(of('😀 thr'), 90)).toEqual([{ from: 15, to: 17, startMs: 90, endMs: 100 }]);
    expect(words.rest()).toEqual([{ from: 18, to: 23, startMs: 110, endMs: 140 }]);
  });

  it('never goes back, in the text or in time', () => {
    const words = new AlignedWords('a b');
    expect(words.take({ chars: ['a'], charStartTimesMs: [50], charDurationsMs: [10] }, 0)).toHaveLength(1);
    expect(words.take({ chars: ['x', 'b'], charStartTimesMs: [0, 20], charDurationsMs: [5] }, 0)).toEqual([
      { from: 2, to: 3, startMs: 50, endMs: 50 },
    ]);
  });
});
