import { expect, it } from 'vitest';
import { AudioFrame } from '../../media/audio-frame.ts';
import { micros } from '../../time/units.ts';
import { Stretches } from './stretches.ts';

const frame = (timestamp: number, gap = false) =>
  new AudioFrame({
    samples: new Int16Array(320),
    sampleRate: 16_000,
    channels: 1,
    timestamp: micros(timestamp),
    gap: gap ? ({ duration: micros(20_000), cause: 'drop' } as never) : undefined,
  });

it('goes on while frames follow each other, and ends at holes, gaps and its longest', () => {
  const stretches = new Stretches(16_000, 100);
  const at = (timestamp: number, gap = false) => {
    const { stretch, ended } = stretches.add(frame(timestamp, gap));
    return [stretch.id, ended?.id];
  };
  expect(at(1_000_000)).toEqual([1, undefined]);
  expect(at(1_020_000)).toEqual([1, undefined]);
  expect(at(1_043_000)).toEqual([1, undefined]);
  expect(at(1_200_000)).toEqual([2, 1]);
  expect(at(1_220_000, true)).toEqual([3, 2]);
  expect(at(1_100_000)).toEqual([4, 3]);
  for (let index = 1; index < 5; index++) expect(at(1_100_000 + index * 20_000)).toEqual([4, undefined]);
  expect(at(1_200_000)).toEqual([5, 4]);
  expect(stretches.end()?.id).toBe(5);
  expect(stretches.end()).toBeUndefined();
});

it('tells media time by samples, and knows nothing that was dropped', () => {
  const stretches = new Stretches(16_000, 100);
  const { stretch } = stretches.add(frame(5_000_000));
  expect(stretches.timeOf(stretch, 160)).toBe(5_010_000);
  expect(stretches.timeOf(stretch, 9_999)).toBe(5_020_000);
  expect(stretches.find(stretch.id)).toBe(stretch);
  stretches.drop();
  expect(stretches.find(stretch.id)).toBeUndefined();
});
