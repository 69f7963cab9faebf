import { micros } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactFrameRate, frameTime } from '../../options/exact-frame-rate.ts';
import { FrameCadence } from './frame-cadence.ts';

const at30 = () => new FrameCadence(exactFrameRate(30), micros(0));

describe('FrameCadence', () => {
  it('gives each frame of its own rate a slot', () => {
    const rate = exactFrameRate(29.97);
    const cadence = new FrameCadence(rate, micros(5_000));
    for (let index = 1; index < 1_000; index++)
      expect(cadence.place(micros(5_000 + frameTime(index, rate)))).toEqual({ type: 'next', shown: 1 });
  });

  it('fills holes, and takes the nearer of two in one slot', () => {
    const cadence = at30();
    expect(cadence.place(micros(100_000))).toEqual({ type: 'next', shown: 3 });
    expect(cadence.place(micros(125_000))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.place(micros(132_000))).toEqual({ type: 'replace' });
    expect(cadence.place(micros(137_000))).toEqual({ type: 'drop' });
    expect(cadence.place(micros(90_000))).toEqual({ type: 'drop' });
    expect(cadence.place(micros(166_000))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.jumps).toBe(0);
  });

  it('closes up steps that are no holes', () => {
    const cadence = at30();
    expect(cadence.place(micros(1e9))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.place(micros(1e9 + 33_333))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.place(micros(0))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.place(micros(33_333))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.jumps).toBe(2);
  });

  it('shows a still as long as it lasts, over a minute too', () => {
    const minutes = 90_000_000;
    const cadence = at30();
    expect(cadence.place(micros(minutes), minutes)).toEqual({ type: 'next', shown: 2_700 });
    expect(cadence.last(micros(minutes), micros(minutes))).toBe(2_700);
    expect(cadence.jumps).toBe(0);
    // A hole behind it is one, from its end.
    expect(cadence.place(micros(2 * minutes + 59_000_000), minutes)).toEqual({ type: 'next', shown: 4_470 });
    expect(cadence.place(micros(1e9), 33_333)).toEqual({ type: 'next', shown: 1 });
    expect(cadence.place(micros(2e9), minutes)).toEqual({ type: 'next', shown: 2_700 });
    expect(cadence.place(micros(0), minutes)).toEqual({ type: 'next', shown: 2_700 });
    expect(cadence.jumps).toBe(3);
  });

  it('shows a last frame as long as it says, once at least', () => {
    const cadence = at30();
    expect(cadence.last(micros(0), micros(0))).toBe(1);
    expect(cadence.last(micros(0), micros(33_333))).toBe(1);
    expect(cadence.last(micros(0), micros(100_000))).toBe(3);
  });

  it('does not show a last frame that is over when its slot begins', () => {
    const cadence = new FrameCadence(exactFrameRate(12.5), micros(0));
    expect(cadence.place(micros(40_000))).toEqual({ type: 'next', shown: 1 });
    expect(cadence.last(micros(40_000), micros(40_000))).toBe(0);
    expect(cadence.last(micros(40_000), micros(0))).toBe(1);
    expect(cadence.last(micros(40_000), micros(40_001))).toBe(0);
    expect(cadence.last(micros(40_000), micros(42_000))).toBe(1);
  });

  it('keeps the timeline within half a frame, whatever the frames do', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500_000 }), { maxLength: 100 }), (steps) => {
        const cadence = at30();
        let [time, slots] = [0, 0];
        for (const step of steps) {
          time += step;
          const placement = cadence.place(micros(time));
          if (placement.type === 'next') slots += placement.shown;
          expect(Math.abs(frameTime(slots, exactFrameRate(30)) - time)).toBeLessThanOrEqual(16_667);
        }
      }),
    );
  });
});
