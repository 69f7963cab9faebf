import { type AudioFrame, type Micros, withContext } from '@sluice/core';
import fc from 'fast-check';
import { from, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined, largestStep, ramp, sine } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { valve } from '../flow/valve.ts';
import { crossFaded, faded } from '../kernels/audio/fade.ts';
import { fadeGain, fadeShapes } from '../kernels/audio/fade-curve.ts';
import { delay } from './delay.ts';
import { fade } from './fade.ts';

operatorChecklist('fade in and out', { make: () => fade({ inMs: 30, outMs: 50 }) });
operatorChecklist('fade in', { make: () => fade({ inMs: 30 }) });
operatorChecklist('delay by silence', {
  make: () => delay({ ms: 25 }),
  outputLength: (input, { sampleRate }) => (input === 0 ? 0 : input + (sampleRate === 16_000 ? 400 : 0)),
});
operatorChecklist('delay by the clock', { make: () => delay({ ms: 25, by: 'clock' }) });
operatorChecklist('valve', { make: () => valve(), interruptible: false });

function run(list: AudioFrame[], operator: ReturnType<typeof fade>): AudioFrame[] {
  const seen: AudioFrame[] = [];
  from(list)
    .pipe(operator)
    .subscribe((frame) => seen.push(frame));
  return seen;
}

describe('fade where the sample rate changes', () => {
  it('goes on rising from where it was, and takes as long', () => {
    const list = [frameAt(0, 640, () => 10_000), frameAt(1_920, 4_800, () => 10_000, { sampleRate: 48_000 })];
    const [before, after] = run(list, fade({ inMs: 80, shape: 'linear' })).map(({ samples }) => samples);
    expect(Math.abs(after![0]! - before!.at(-1)!)).toBeLessThan(50);
    expect(after![1_919]).toBeGreaterThan(9_900);
    expect(after![1_000]).toBeLessThan(8_000);
  });
});

describe('fade curves', () => {
  it('go from silence to full level without ever turning back', () => {
    for (const shape of fadeShapes)
      fc.assert(
        fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
          expect(fadeGain(shape, Math.min(a, b))).toBeLessThanOrEqual(fadeGain(shape, Math.max(a, b)));
          expect(fadeGain(shape, a)).toBeGreaterThanOrEqual(0);
          expect(fadeGain(shape, a)).toBeLessThanOrEqual(1);
        }),
      );
  });

  it('give the same samples in parts as in one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 199 }), fc.nat(300), fc.boolean(), (split, length, reverse) => {
        const { samples } = frameAt(0, 200);
        const whole = faded(samples, 1, 0, length, 'smooth', reverse);
        const parts = [
          faded(samples.subarray(0, split), 1, 0, length, 'smooth', reverse),
          faded(samples.subarray(split), 1, split, length, 'smooth', reverse),
        ];
        expect(joined(parts.map((part) => ({ samples: part })))).toEqual(whole);
      }),
    );
  });

  it('cross-fade with equal power, clamped', () => {
    const loud = new Int16Array(100).fill(32_767);
    const mixed = crossFaded(loud, loud, 1, 0, 100);
    expect(mixed[0]).toBe(32_767);
    expect(Math.min(...mixed)).toBe(32_767);
    expect(crossFaded(loud, new Int16Array(100), 1, 0, 100)[50]).toBeCloseTo(32_767 * Math.SQRT1_2, -1);
    expect(crossFaded(new Int16Array(0), loud, 1, 100, 100)).toEqual(loud);
  });
});

describe('fade', () => {
  it('comes out of silence and goes back into it', () => {
    const samples = joined(
      run(
        frames(20, 320, () => 10_000),
        fade({ inMs: 100, outMs: 100, shape: 'linear' }),
      ),
    );
    expect(samples.length).toBe(6_400);
    expect(samples[0]).toBe(0);
    expect(samples[800]).toBe(5_000);
    expect(samples.subarray(1_600, 4_800).every((sample) => sample === 10_000)).toBe(true);
    expect(samples[5_600]).toBe(5_000);
    expect(samples.at(-1)).toBeLessThanOrEqual(10);
    expect(largestStep(samples)).toBeLessThan(10);
  });

  it('fades a stream that is shorter than the fade', () => {
    const samples = joined(
      run(
        frames(2, 320, () => 10_000),
        fade({ outMs: 1_000, shape: 'linear' }),
      ),
    );
    expect(samples.length).toBe(640);
    expect(samples[0]).toBe(10_000);
    expect(samples.at(-1)).toBeLessThan(20);
  });

  it('refuses options at once', () => {
    expect(() => fade({ inMs: -1 })).toThrow(RangeError);
    expect(() => fade({ shape: 'bent' as never })).toThrow(/'linear' or/);
  });
});

describe('delay', () => {
  it('puts silence first and moves the timestamps', () => {
    const seen = run(frames(2), delay({ ms: 30 }));
    expect(
      joined(seen)
        .subarray(0, 480)
        .every((sample) => sample === 0),
    ).toBe(true);
    expect(joined(seen).subarray(480)).toEqual(joined(frames(2)));
    expect(seen.map(({ timestamp }) => timestamp)).toEqual([0, 30_000, 50_000]);
  });

  it('holds frames by the clock, in order', async () => {
    const context = new TestContext();
    const source = new Subject<AudioFrame>();
    const left: number[][] = [];
    withContext(context, () =>
      source
        .pipe(delay({ ms: 30, by: 'clock' }))
        .subscribe((frame) => left.push([context.clock.now(), frame.timestamp / 1000])),
    );
    for (let index = 0; index < 3; index++) {
      source.next(frameAt(index * 320, 320));
      await context.clock.advance(20);
    }
    expect(context.held).toBe(1);
    await context.clock.advance(100);
    expect(left).toEqual([
      [30, 0],
      [50, 20],
      [70, 40],
    ]);
    expect(context.held).toBe(0);
  });

  it('refuses options at once', () => {
    expect(() => delay({ ms: -1 })).toThrow(RangeError);
    expect(() => delay({ ms: 10, by: 'magic' as never })).toThrow(TypeError);
  });
});

describe('valve', () => {
  it('closes and opens with a fade, and leaves a gap', () => {
    const source = new Subject<AudioFrame>();
    const gate = valve();
    const seen: AudioFrame[] = [];
    const context = new TestContext();
    withContext(context, () => source.pipe(gate).subscribe((frame) => seen.push(frame)));
    const next = (index: number) => source.next(frameAt(index * 320, 320, sine(200, 12_000)));
    next(0);
    gate.setOpen(false);
    next(1);
    next(2);
    expect(context.send({ type: 'set-valve', open: true })).toBe(true);
    expect(gate.isOpen).toBe(true);
    next(3);
    expect(seen.map((frame) => frame.length)).toEqual([320, 80, 320]);
    expect(seen[2]!.gap).toEqual({ duration: 35_000, reason: 'source' });
    expect(largestStep(joined(seen))).toBeLessThan(1_200);
  });

  it('gives silence instead when asked, of the same length', () => {
    const seen = run(frames(3), valve({ open: false, whenClosed: 'silence' }));
    expect(joined(seen)).toEqual(new Int16Array(960));
    expect(run(frames(3), valve({ open: false }))).toEqual([]);
  });

  it('joins its gap with those that come', () => {
    const source = new Subject<AudioFrame>();
    const gate = valve({ open: false });
    const seen: AudioFrame[] = [];
    source.pipe(gate).subscribe((frame) => seen.push(frame));
    source.next(frameAt(0, 320, ramp, { gap: { duration: 100_000 as Micros, reason: 'overflow' } }));
    gate.setOpen(true);
    source.next(frameAt(320, 320));
    expect(seen[0]!.gap).toEqual({ duration: 120_000, reason: 'overflow' });
    expect(() => valve({ open: 1 as never })).toThrow(TypeError);
    expect(() => gate.setOpen('yes' as never)).toThrow(TypeError);
    of().pipe(gate).subscribe();
  });
});
