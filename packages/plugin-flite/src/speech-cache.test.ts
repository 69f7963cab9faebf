import { expect, it } from 'vitest';
import { SpeechCache } from './speech-cache.ts';

const speech = (samples: number) => ({ samples: new Int16Array(samples), times: [] });

it('keeps what was asked for last, within its bytes', () => {
  const cache = new SpeechCache(9_000);
  for (const key of ['a', 'b', 'c']) cache.set(key, speech(1_000));
  expect(cache.get('a')).toBeDefined();
  cache.set('d', speech(1_000));
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd']);
  cache.set('large', speech(5_000));
  expect(cache.get('large')).toBeUndefined();
});

it('of no bytes keeps nothing', () => {
  const cache = new SpeechCache(0);
  cache.set('a', speech(0));
  expect(cache.get('a')).toBeUndefined();
});
