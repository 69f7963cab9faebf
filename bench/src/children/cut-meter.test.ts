import { expect, it } from 'vitest';
import { CutMeter } from './cut-meter.ts';
import { toneSlices } from './tone-slices.ts';

const slices = toneSlices(440, 10);
const silence = new Int16Array(480);

/** Pushes 10 ms at a time, each at its end; returns the end. */
function hears(meter: CutMeter, start: number, sounds: readonly boolean[]): number {
  let at = start;
  for (const [index, sound] of sounds.entries()) {
    at += 10;
    meter.push(sound ? slices[index % slices.length]! : silence, at);
  }
  return at;
}

const pieces = (count: number, sounds: boolean) => Array.from({ length: count }, () => sounds);

it('tells the last loud millisecond, once it was quiet for long enough', () => {
  const meter = new CutMeter(48_000);
  hears(meter, 500, pieces(50, false));
  expect([meter.isLoud, meter.heard.silentAt]).toEqual([false, undefined]);
  let at = hears(meter, 1_000, pieces(20, true));
  expect([meter.isLoud, meter.heard.silentAt]).toEqual([true, undefined]);
  at = hears(meter, at, pieces(3, false));
  expect(meter.heard.silentAt).toBeUndefined();
  hears(meter, at, pieces(7, false));
  expect([meter.isLoud, meter.heard]).toEqual([false, { silentAt: 1_200, staleMs: 0 }]);
});

it('takes a short hole for none, and counts what sounds again after the silence', () => {
  const meter = new CutMeter(48_000);
  let at = hears(meter, 0, [...pieces(10, true), ...pieces(3, false), ...pieces(10, true)]);
  expect(meter.heard).toEqual({ silentAt: undefined, staleMs: 0 });
  at = hears(meter, at, [...pieces(10, false), ...pieces(2, true), ...pieces(10, false)]);
  expect(meter.heard).toEqual({ silentAt: 230, staleMs: 20 });
  meter.reset();
  expect(meter.heard).toEqual({ silentAt: undefined, staleMs: 0 });
  hears(meter, at, [...pieces(5, true), ...pieces(10, false)]);
  expect(meter.heard).toEqual({ silentAt: at + 50, staleMs: 0 });
});
