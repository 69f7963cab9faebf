import { micros } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { everyNth, everyStep } from './picture-picker.ts';

describe('everyNth', () => {
  it('picks the first and each n-th from there', () => {
    const picks = everyNth(3);
    expect(Array.from({ length: 7 }, () => picks({ timestamp: micros(0) }))).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      true,
    ]);
  });
});

describe('everyStep', () => {
  const picked = (step: number, times: readonly number[]) => {
    const picks = everyStep(step);
    return times.filter((time) => picks({ timestamp: micros(time) }));
  };

  it('picks the first in or after each step from the first picture', () => {
    expect(picked(10, [3, 5, 12, 13, 14, 22, 24, 33])).toEqual([3, 13, 24, 33]);
  });

  it('catches nothing up after a hole', () => {
    expect(picked(10, [0, 55, 56, 59, 61, 70])).toEqual([0, 55, 61, 70]);
  });

  it('takes small steps back as they are, and begins anew after a large one', () => {
    expect(picked(10, [0, 20, 15, 12, 30, 5, 8, 15])).toEqual([0, 20, 30, 5, 15]);
  });
});
