import type { AudioFrame, Micros } from '@sluice/core';
import fc from 'fast-check';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined } from '../../test/ramp-frames.ts';
import { rechunk } from './rechunk.ts';

operatorChecklist('rechunk to less', { make: () => rechunk({ ms: 7 }) });
operatorChecklist('rechunk to more', { make: () => rechunk({ samples: 500 }) });
operatorChecklist('rechunk to the same', { make: () => rechunk({ ms: 20 }) });

function run(list: AudioFrame[], options: Parameters<typeof rechunk>[0]): AudioFrame[] {
  const seen: AudioFrame[] = [];
  from(list)
    .pipe(rechunk(options))
    .subscribe((frame) => seen.push(frame));
  return seen;
}

describe('rechunk', () => {
  it('keeps every sample in order, whatever the lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 }),
        fc.integer({ min: 1, max: 700 }),
        (lengths, samples) => {
          let start = 0;
          const list = lengths.map((length) => {
            const frame = frameAt(start, length);
            start += length;
            return frame;
          });
          const expected = joined(list);
          const seen = run(list, { samples });
          expect(joined(seen)).toEqual(expected);
          for (const frame of seen.slice(0, -1)) expect(frame.length).toBe(samples);
        },
      ),
    );
  });

  it('splits and joins back to the same frames', () => {
    const list = frames(10, 320);
    const there = run(list, { ms: 3 });
    const back = run(there, { ms: 20 });
    expect(back.map((frame) => [...frame.samples])).toEqual(frames(10, 320).map((frame) => [...frame.samples]));
    expect(back.map((frame) => frame.timestamp)).toEqual(frames(10, 320).map((frame) => frame.timestamp));
  });

  it('lets lengths that are no whole number of samples alternate', () => {
    const list = frames(100, 1_000, undefined, { sampleRate: 11_025 });
    const seen = run(list, { ms: 10 });
    const lengths = seen.slice(0, -1).map((frame) => frame.length);
    expect(new Set(lengths)).toEqual(new Set([110, 111]));
    const total = lengths.reduce((sum, length) => sum + length, 0);
    expect(Math.abs(total - lengths.length * 110.25)).toBeLessThanOrEqual(0.5);
  });

  it('passes frames that fit untouched', () => {
    const list = frames(3);
    expect(run(list, { ms: 20 })).toEqual(list);
  });

  it('pads a short frame when asked, and takes the padding off the gap', () => {
    const list = frames(3, 320);
    list[2]!.gap = { duration: 40_000 as Micros, reason: 'source' };
    const seen = run(list, { samples: 480, pad: true });
    expect(seen.map((frame) => frame.length)).toEqual([480, 480, 480]);
    expect(seen[1]!.samples.subarray(160).every((sample) => sample === 0)).toBe(true);
    expect(seen[2]!.gap).toEqual({ duration: 20_000, reason: 'source' });
  });

  it('refuses lengths that are none', () => {
    expect(() => rechunk({})).toThrow(TypeError);
    expect(() => rechunk({ ms: 10, samples: 160 })).toThrow(/either ms or samples/);
    expect(() => rechunk({ ms: 0 })).toThrow(RangeError);
    expect(() => rechunk({ samples: 1.5 })).toThrow(TypeError);
  });
});
