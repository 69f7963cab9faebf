import { describe, expect, it } from 'vitest';
import { SkewMeter } from './skew-meter.ts';

const RATE = 8_000;

/** Beeps and flashes on each second for 10 s, pictures of 40 ms that come `lateMs` after their sound. */
function watch(lateMs: (mediaMs: number) => number, skipped = (_mediaMs: number) => false): SkewMeter {
  const meter = new SkewMeter(RATE);
  const events: { at: number; happen: () => void }[] = [];
  for (let ms = 0; ms < 10_000; ms += 10) {
    const samples = new Int16Array(RATE / 100).fill(ms % 1_000 < 100 ? 16_000 : 0);
    events.push({ at: ms, happen: () => meter.hear(samples, ms) });
  }
  for (let ms = 0; ms < 10_000; ms += 40) {
    const at = ms + lateMs(ms);
    const reading = { timestamp: ms * 1_000, flash: ms % 1_000 < 100 };
    if (!skipped(ms)) events.push({ at, happen: () => meter.see(reading, at) });
  }
  for (const { happen } of events.sort((a, b) => a.at - b.at)) happen();
  return meter;
}

describe('SkewMeter', () => {
  it('tells of each flash and each picture how much later than its sound it came', () => {
    for (const late of [-37, 0, 4, 130]) {
      const { flashes, pictures } = watch(() => late).report(1, 9);
      expect(flashes).toHaveLength(8);
      expect(pictures).toHaveLength(200);
      for (const skew of flashes) expect(skew).toBeCloseTo(late);
      for (const skew of pictures) expect(skew).toBeCloseTo(late);
    }
  });

  it('finds what changes in the middle, and takes a later picture of a flash whose first one is missing', () => {
    const late = (ms: number) => (ms < 5_000 ? 0 : 80);
    const meter = watch(late, (ms) => ms % 1_000 === 0);
    for (const skew of meter.report(1, 5).flashes) expect(skew).toBeCloseTo(0);
    for (const skew of meter.report(5, 10).flashes) expect(skew).toBeCloseTo(80);
    expect(meter.report(1, 5).pictures).toHaveLength(96);
  });

  it('counts nothing that cannot be read, or that is sent again', () => {
    const meter = new SkewMeter(RATE);
    meter.see(undefined, 0);
    meter.see({ timestamp: undefined, flash: true }, 0);
    expect(meter.report()).toEqual({ flashes: [], pictures: [] });
    meter.hear(new Int16Array(RATE / 100).fill(16_000), 0);
    for (const at of [5, 6, 1_000]) meter.see({ timestamp: 0, flash: true }, at);
    expect(meter.report()).toEqual({ flashes: [5], pictures: [5] });
  });
});
