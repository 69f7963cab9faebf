import { expect, it } from 'vitest';
import { levelOf, secondsOf } from './draw-axes.ts';
import type { TrackColumn } from './track.ts';

const column = (timestamp: number, more: Partial<TrackColumn> = {}): TrackColumn => ({
  ...{ timestamp, low: -0.5, high: 0.25, spectrum: undefined, gap: false, epoch: undefined },
  ...more,
});

it('tells the peak of the last second, gaps left out', () => {
  expect(levelOf({ columns: [] })).toBeUndefined();
  expect(levelOf({ columns: [column(0, { low: 0, high: 0 })] })).toBeUndefined();
  const second = Array.from({ length: 50 }, (_, index) => column(20_000 * index));
  const columns = [column(0, { high: 1 }), ...second.slice(1), column(1e6, { high: 1, gap: true })];
  expect(levelOf({ columns })).toBeCloseTo(-6.02, 2);
});

it('marks whole seconds of media time, which go on behind a gap as the frames say', () => {
  const times = [0.9, 0.98, 1.0, 1.02, 4.5, 4.98, 5.0];
  const columns = times.map((seconds) => column(1e6 * seconds, { gap: seconds === 1.02 }));
  expect(secondsOf({ columns })).toEqual([
    { index: 2, second: 1 },
    { index: 4, second: 4 },
    { index: 6, second: 5 },
  ]);
});
