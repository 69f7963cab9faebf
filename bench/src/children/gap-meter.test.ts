import { expect, it } from 'vitest';
import { GapMeter } from './gap-meter.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);

function hears(meter: GapMeter, from: number, count: number): void {
  for (let index = from; index < from + count; index++) meter.push(slices[index % slices.length]!);
}

it('finds none in a tone, and each silence of 5 ms or more in it', () => {
  const meter = new GapMeter(48_000);
  hears(meter, 0, 300);
  expect(meter.heard).toEqual({ gaps: 0, gapMs: 0, heardMs: 3_000 });
  for (const ms of [4, 6, 200]) {
    meter.push(new Int16Array(48 * ms));
    hears(meter, 0, 50);
  }
  const { gaps, gapMs, heardMs } = meter.heard;
  expect([gaps, heardMs]).toEqual([2, 4_710]);
  // The tone itself is below the threshold for up to half a millisecond before and after.
  expect(Math.abs(gapMs - 206)).toBeLessThan(2);
});

it('begins anew, without the gap that is going on', () => {
  const meter = new GapMeter(48_000);
  hears(meter, 0, 10);
  meter.push(new Int16Array(4_800));
  meter.reset();
  hears(meter, 0, 10);
  expect(meter.heard).toEqual({ gaps: 0, gapMs: 0, heardMs: 100 });
});
