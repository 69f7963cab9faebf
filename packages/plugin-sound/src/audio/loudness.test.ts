import { type AudioFrame, withContext } from '@sluice/core';
import { ActorDouble } from '@sluice/core/testing';
import fc from 'fast-check';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { framesOf, speechLike, tones } from '../../test/signals.ts';
import { type LoudnessReading, loudness } from './loudness.ts';
import { measureLoudness } from './measure-loudness.ts';

const rate = 16_000;

function readingsOf(frames: readonly AudioFrame[], options: Parameters<typeof loudness>[0] = {}): LoudnessReading[] {
  const readings: LoudnessReading[] = [];
  from(frames)
    .pipe(loudness({ ...options, onLoudness: (reading) => readings.push(reading) }))
    .subscribe((frame) => frame.close());
  return readings;
}

describe('loudness', () => {
  it('tells the same for frames of any size as for the whole', () => {
    const samples = speechLike(rate, 4);
    const whole = measureLoudness(samples, { sampleRate: rate });
    const once = readingsOf(framesOf(samples, rate, [samples.length]));
    expect(once).toHaveLength(40);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        const readings = readingsOf(framesOf(samples, rate, sizes));
        for (const [index, { timestamp, momentary, shortTerm, integrated, range }] of readings.entries()) {
          expect(Math.abs(timestamp - Math.min(4_000_000, (index + 1) * 100_000))).toBeLessThanOrEqual(1);
          const { timestamp: _, truePeakDb: __, ...same } = once[index]!;
          expect({ momentary, shortTerm, integrated, range }).toEqual(same);
        }
        const { integrated, range, truePeakDb } = readings.at(-1)!;
        expect({ integrated, range }).toEqual({ integrated: whole.integrated, range: whole.range });
        expect(truePeakDb).toBeCloseTo(whole.truePeakDb, 6);
      }),
      { numRuns: 6 },
    );
  });

  it('fills its windows first, and tells as often as asked', () => {
    const readings = readingsOf(framesOf(tones(rate, [[4, -20]]), rate, [320]), { intervalMs: 1_000, truePeak: false });
    expect(readings.map(({ timestamp }) => timestamp)).toEqual([1_000_000, 2_000_000, 3_000_000, 4_000_000]);
    expect(readings[0]).toMatchObject({ shortTerm: -Infinity, range: 0, truePeakDb: Number.NaN });
    for (const { momentary, integrated } of readings) {
      expect(momentary).toBeCloseTo(-23, 1);
      expect(integrated).toBeCloseTo(-23, 1);
    }
    expect(readings[3]!.shortTerm).toBeCloseTo(-23, 1);
  });

  it('goes on after a change of format, and begins anew when told', () => {
    const meter = loudness();
    const actor = new ActorDouble();
    const source = new Subject<AudioFrame>();
    let last: LoudnessReading | undefined;
    meter.readings.subscribe((reading) => {
      last = reading;
    });
    withContext(actor, () => source.pipe(meter).subscribe((frame) => frame.close()));
    const play = (sampleRate: number, dbfs: number) => {
      for (const frame of framesOf(tones(sampleRate, [[2, dbfs]]), sampleRate, [480])) source.next(frame);
    };
    play(rate, -17);
    play(48_000, -17);
    expect(last!.integrated).toBeCloseTo(-20, 1);
    play(48_000, -37);
    expect(last!.integrated).toBeGreaterThan(-23);
    expect(actor.control({ type: 'reset-loudness' })).toBe(true);
    expect(actor.control({ type: 'reset' })).toBe(false);
    play(48_000, -37);
    expect(last!.integrated).toBeCloseTo(-40, 1);
    meter.reset();
    play(48_000, -47);
    expect(last!.integrated).toBeCloseTo(-50, 1);
  });

  it('refuses options at once', () => {
    expect(() => loudness({ intervalMs: 10 })).toThrow(RangeError);
    expect(() => loudness({ truePeak: 1 as never })).toThrow(TypeError);
    expect(() => loudness({ onLoudness: 4 as never })).toThrow(TypeError);
    // @ts-expect-error misspelt
    expect(() => loudness({ interval: 100 })).toThrow(/did you mean intervalMs/);
  });
});
