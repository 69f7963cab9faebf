import { type AudioFrame, withContext } from '@sluice/core';
import { from, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { operatorChecklist } from '../../test/operator-checklist.ts';
import { frameAt, frames, joined, largestStep, sine } from '../../test/ramp-frames.ts';
import { TestContext } from '../../test/test-context.ts';
import { gain } from './gain.ts';

operatorChecklist('gain', { make: () => gain({ db: -6 }), interruptible: false });
operatorChecklist('gain at 0 dB', { make: () => gain(), interruptible: false });

function collect(
  source: Subject<AudioFrame> | ReturnType<typeof from<AudioFrame[]>>,
  operator: ReturnType<typeof gain>,
) {
  const seen: AudioFrame[] = [];
  const context = new TestContext();
  withContext(context, () => source.pipe(operator).subscribe((frame) => seen.push(frame)));
  return { seen, context };
}

describe('gain', () => {
  it('halves at -6.02 dB and clamps instead of wrapping', () => {
    const { seen } = collect(from(frames(2, 320, () => 20_000)), gain({ db: -6.0206 }));
    expect(joined(seen).every((sample) => sample === 10_000)).toBe(true);
    const loud = collect(from(frames(2, 320, (index) => (index % 2 === 0 ? 30_000 : -30_000))), gain({ db: 20 }));
    expect(joined(loud.seen).slice(0, 2)).toEqual(Int16Array.of(32_767, -32_768));
  });

  it('is silence at -Infinity', () => {
    const { seen } = collect(from(frames(1)), gain({ db: Number.NEGATIVE_INFINITY }));
    expect(joined(seen).every((sample) => sample === 0)).toBe(true);
  });

  it('passes frames untouched at 0 dB', () => {
    const list = frames(3);
    expect(collect(from(list), gain()).seen).toEqual(list);
  });

  it('ramps to a new gain without a click, over as long as asked', () => {
    const source = new Subject<AudioFrame>();
    const volume = gain();
    const { seen } = collect(source, volume);
    const tone = sine(100, 20_000);
    source.next(frameAt(0, 320, tone));
    volume.setGain(-40, { rampMs: 40 });
    expect(volume.db).toBe(-40);
    for (let index = 1; index < 5; index++) source.next(frameAt(index * 320, 320, tone));
    const samples = joined(seen);
    expect(largestStep(samples)).toBeLessThan(900);
    expect(Math.max(...samples.slice(320 + 640))).toBeLessThanOrEqual(200);
    expect(Math.max(...samples.slice(320, 640))).toBeGreaterThan(8_000);
  });

  it('takes as long over a ramp in which the sample rate changes', () => {
    const source = new Subject<AudioFrame>();
    const volume = gain();
    const { seen } = collect(source, volume);
    volume.setGain(Number.NEGATIVE_INFINITY, { rampMs: 100 });
    // 40 ms at 16 kHz, then 80 at 48.
    source.next(frameAt(0, 640, () => 10_000));
    source.next(frameAt(1_920, 3_840, () => 10_000, { sampleRate: 48_000 }));
    const after = seen[1]!.samples;
    expect(after[0]).toBeCloseTo(6_000, -1);
    expect(after[1_440]).toBeCloseTo(3_000, -1);
    expect(after[2_900]).toBe(0);
  });

  it('takes set-gain messages and leaves others alone', () => {
    const source = new Subject<AudioFrame>();
    const { seen, context } = collect(source, gain({ rampMs: 0 }));
    expect(context.send({ type: 'set-gain', db: -20, rampMs: 0 })).toBe(true);
    expect(context.send({ type: 'set-volume', db: -20 })).toBe(false);
    source.next(frameAt(0, 320, () => 10_000));
    expect(joined(seen).every((sample) => sample === 1_000)).toBe(true);
  });

  it('refuses what is no gain at once', () => {
    expect(() => gain({ db: Number.NaN })).toThrow(TypeError);
    expect(() => gain({ db: 61 })).toThrow(RangeError);
    expect(() => gain({ rampMs: -1 })).toThrow(/gain.rampMs is out of range/);
    expect(() => gain().setGain('loud' as never)).toThrow(TypeError);
  });
});
