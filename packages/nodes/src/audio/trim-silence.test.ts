import type { AudioFrame } from '@sluice/core';
import fc from 'fast-check';
import { from } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, joined } from '../../test/ramp-frames.ts';
import { rechunk } from './rechunk.ts';
import { type TrimSilenceOptions, trimSilence } from './trim-silence.ts';

operatorChecklist('trimSilence', { make: () => trimSilence() });
operatorChecklist('trimSilence with pauses', { make: () => trimSilence({ maxPauseMs: 100 }) });

/** Stretches of sound and silence, in samples, alternating and beginning with silence. */
function speech(stretches: readonly number[], length = 320): AudioFrame[] {
  const samples = new Int16Array(stretches.reduce((sum, value) => sum + value, 0));
  let at = 0;
  for (const [index, stretch] of stretches.entries()) {
    if (index % 2 === 1) samples.fill(5_000, at, at + stretch);
    else for (let i = at; i < at + stretch; i++) samples[i] = i % 2 === 0 ? 20 : -20;
    at += stretch;
  }
  const list: AudioFrame[] = [];
  for (let start = 0; start < samples.length; start += length)
    list.push(frameAt(start, Math.min(length, samples.length - start), (index) => samples[index]!));
  return list;
}

function run(list: AudioFrame[], options: TrimSilenceOptions): AudioFrame[] {
  const seen: AudioFrame[] = [];
  from(list)
    .pipe(trimSilence(options))
    .subscribe((frame) => seen.push(frame));
  return seen;
}

const lengths = (seen: AudioFrame[]) => joined(seen).length;

describe('trimSilence', () => {
  it('takes silence from both ends but the padding, to the sample', () => {
    const seen = run(speech([3_000, 1_000, 700, 1_000, 5_000]), { padMs: 10 });
    expect(lengths(seen)).toBe(160 + 1_000 + 700 + 1_000 + 160);
    expect(joined(seen)[159]).not.toBe(5_000);
    expect(joined(seen)[160]).toBe(5_000);
  });

  it('can leave either end alone', () => {
    expect(lengths(run(speech([800, 100, 900]), { padMs: 0, leading: false }))).toBe(900);
    expect(lengths(run(speech([800, 100, 900]), { padMs: 0, trailing: false }))).toBe(1_000);
  });

  it('cuts long pauses down and leaves short ones alone', () => {
    const stretches = [0, 1_000, 1_600, 1_000, 16_000, 1_000];
    expect(lengths(run(speech(stretches), { maxPauseMs: 200, padMs: 20 }))).toBe(1_000 + 1_600 + 1_000 + 3_200 + 1_000);
  });

  it('does the same whatever the frames, and moves timestamps up without a hole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 1, max: 2_000 }),
        (stretches, length) => {
          const options = { maxPauseMs: 60, padMs: 10 };
          const whole = run(speech(stretches, 100_000), options);
          const parts = run(speech(stretches, length), options);
          expect(joined(parts)).toEqual(joined(whole));
          for (let index = 1; index < parts.length; index++) {
            const before = parts[index - 1]!;
            expect(Math.abs(parts[index]!.timestamp - before.timestamp - before.duration)).toBeLessThanOrEqual(3);
          }
        },
      ),
    );
  });

  it('gives nothing for silence, and keeps no more than it may', () => {
    expect(run(speech([10_000]), {})).toEqual([]);
    const seen = run(speech([0, 320, 16_000]), { maxHeldMs: 100, padMs: 0 });
    expect(lengths(seen)).toBe(320 + 16_000 - 1_600);
  });

  it('works with rechunk behind it', () => {
    const seen: AudioFrame[] = [];
    from(speech([1_000, 3_333, 1_000]))
      .pipe(trimSilence({ padMs: 0 }), rechunk({ ms: 20 }))
      .subscribe((frame) => seen.push(frame));
    expect(seen.slice(0, -1).every((frame) => frame.length === 320)).toBe(true);
    expect(lengths(seen)).toBe(3_333);
  });

  it('refuses options at once', () => {
    expect(() => trimSilence({ thresholdDb: 3 })).toThrow(RangeError);
    expect(() => trimSilence({ padMs: 50, maxPauseMs: 20 })).toThrow(RangeError);
    expect(() => trimSilence({ leading: 'yes' as never })).toThrow(TypeError);
  });
});
