import { type AudioFrame, withContext } from '@sluice/core';
import { ActorDouble, measureTone, peak, rms, testTone } from '@sluice/core/testing';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { expectSameInPieces, framesOf, joined, passed, speechLike, tones } from '../../test/signals.ts';
import { equalizer } from './equalizer.ts';

const rate = 16_000;
const bands = [
  { type: 'high-pass', frequency: 100 },
  { type: 'peaking', frequency: 1_000, db: 6 },
  { type: 'high-shelf', frequency: 3_000, db: -12 },
] as const;

describe('equalizer', () => {
  it('gives the same samples for frames of any size, in mono and stereo, also while it moves', () => {
    expectSameInPieces(() => equalizer({ bands }), speechLike(rate, 1));
    expectSameInPieces(() => equalizer({ bands }), speechLike(rate, 1), 2);
    const moved = (sizes: readonly number[]) => {
      const operator = equalizer({ bands, rampMs: 50 });
      const source = new Subject<AudioFrame>();
      const seen: AudioFrame[] = [];
      source.pipe(operator).subscribe((frame) => seen.push(frame));
      const samples = speechLike(rate, 0.4);
      for (const frame of framesOf(samples.subarray(0, 3_200), rate, sizes)) source.next(frame);
      operator.setBands([{ type: 'low-pass', frequency: 500 }]);
      for (const frame of framesOf(samples.subarray(3_200), rate, sizes)) source.next(frame);
      return joined(seen);
    };
    expect(moved([3_200])).toEqual(moved([1, 77, 320]));
  });

  it('raises and lowers tones by what it says, each channel by itself', () => {
    const level = (frequency: number) => {
      const tone = testTone({ sampleRate: rate, frequency, durationMs: 500, amplitude: 5_000 });
      const output = passed(equalizer({ bands }), tone, rate).subarray(rate / 4);
      return measureTone(output, rate, frequency).amplitude - 20 * Math.log10(5_000 / 32_768);
    };
    expect(level(1_000)).toBeCloseTo(5.9, 0);
    expect(level(7_000)).toBeCloseTo(-12, 0);
    const left = tones(rate, [[0.5, -20, -200]]);
    const both = passed(equalizer({ bands }), left, rate, 2);
    expect(both.filter((_, index) => index % 2 === 1).every((sample) => sample === 0)).toBe(true);
    expect(both.filter((_, index) => index % 2 === 0)).toEqual(
      passed(
        equalizer({ bands }),
        left.filter((_, index) => index % 2 === 0),
        rate,
      ),
    );
  });

  it('moves to other bands without a click', () => {
    const operator = equalizer({ bands: [{ type: 'peaking', frequency: 200, db: 12 }], rampMs: 40 });
    const actor = new ActorDouble();
    const source = new Subject<AudioFrame>();
    const seen: AudioFrame[] = [];
    withContext(actor, () => source.pipe(operator).subscribe((frame) => seen.push(frame)));
    const tone = testTone({ sampleRate: rate, frequency: 200, durationMs: 1_000, amplitude: 4_000 });
    for (const [index, frame] of framesOf(tone, rate, [320]).entries()) {
      if (index === 20) actor.control({ type: 'set-bands', bands: [{ type: 'notch', frequency: 200, q: 2 }] });
      if (index === 22) operator.setBands([]);
      source.next(frame);
    }
    const output = joined(seen);
    expect(peak(output.subarray(3_200, 6_400)) / 4_000).toBeCloseTo(10 ** (12 / 20), 1);
    // A click is broadband: nothing of this tone, nor of its swelling, is above 1 kHz.
    const high = passed(equalizer({ bands: Array(3).fill({ type: 'high-pass', frequency: 1_000 }) }), output, rate);
    expect(peak(high.subarray(3_200))).toBeLessThan(40);
    expect(output.subarray(-320)).toEqual(tone.subarray(-320));
    expect(operator.bands).toEqual([]);
    expect(actor.control({ type: 'set-gain', db: 0 })).toBe(false);
  });

  it('lets nothing of an epoch ring on in the next', () => {
    const actor = new ActorDouble();
    const source = new Subject<AudioFrame>();
    const seen: AudioFrame[] = [];
    const ringing = equalizer({ bands: [{ type: 'peaking', frequency: 300, db: 20, q: 30 }] });
    withContext(actor, () => source.pipe(ringing).subscribe((frame) => seen.push(frame)));
    for (const frame of framesOf(testTone({ sampleRate: rate, frequency: 300, durationMs: 100 }), rate, [320]))
      source.next(frame);
    actor.interrupt();
    const before = seen.length;
    for (const frame of framesOf(new Int16Array(640), rate, [320])) source.next(frame.move({ epoch: 1 }));
    expect(rms(joined(seen.slice(before)))).toBe(0);
  });

  it('refuses bands at once', () => {
    expect(() => equalizer({ bands: [{ type: 'bell' as never, frequency: 100 }] })).toThrow(/bands\[0\].type/);
    expect(() => equalizer({ bands: [{ type: 'notch', frequency: 0 }] })).toThrow(RangeError);
    expect(() => equalizer({ bands: [{ type: 'peaking', frequency: 100, db: 50 }] })).toThrow(RangeError);
    expect(() => equalizer({ bands: [4 as never] })).toThrow(TypeError);
    expect(() => equalizer({ rampMs: 0 })).toThrow(RangeError);
    expect(() => equalizer().setBands('all' as never)).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => equalizer({ bands: [{ type: 'notch', freq: 50, frequency: 50 }] })).toThrow(/frequency/);
  });
});
