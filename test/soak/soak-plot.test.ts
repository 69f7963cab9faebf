import { expect, it } from 'vitest';
import { soakPlot } from './real/soak-plot.ts';

const pathOf = (plot: string) => /points="([^"]*)"/.exec(plot)?.[1];

it('leaves out what was not measured yet, and draws what is below nothing', () => {
  const points = [
    [0, Number.NaN],
    [1, -50],
    [2, 50],
  ] as const;
  const plot = soakPlot([{ title: 'drift', unit: 'ppm', points }], [0.5], 2);
  expect(plot).not.toContain('NaN');
  expect(pathOf(plot)).toBe('490.0,140.0 890.0,20.0');
});

it('draws a line from 0 to its highest value', () => {
  const points = [
    [0, 10],
    [2, 20],
  ] as const;
  expect(pathOf(soakPlot([{ title: 'memory', unit: 'MB', points }], [], 2))).toBe('90.0,80.0 890.0,20.0');
});
