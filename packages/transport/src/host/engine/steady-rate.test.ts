import { measureTone } from '@sluice/core/testing';
import { expect, test } from 'vitest';
import { SteadyRate } from './steady-rate.ts';

const HZ = 440;
const AMPLITUDE = 8_000;

/** Pushes 10 ms after 10 ms of a tone, each at the next of these rates. */
function heard(rates: readonly number[], channels = 1): Int16Array {
  const pieces: Int16Array[] = [];
  const steady = new SteadyRate((samples) => pieces.push(samples));
  for (const [index, rate] of rates.entries()) {
    const samples = new Int16Array((rate / 100) * channels);
    for (let at = 0; at < samples.length; at++) {
      const seconds = index / 100 + Math.floor(at / channels) / rate;
      samples[at] = Math.round(AMPLITUDE * Math.sin(2 * Math.PI * HZ * seconds));
    }
    steady.push(samples, rate, channels);
  }
  return Int16Array.from(pieces.flatMap((piece) => [...piece])).filter((_, at) => at % channels === 0);
}

const times = (count: number, rate: number) => Array<number>(count).fill(rate);
/** The largest step that a tone takes from one sample to the next. */
const STEP = AMPLITUDE * 2 * Math.PI * (HZ / 48_000);

test('a call that comes and goes changes no rate, and is not heard as a click', () => {
  const rates = [
    ...times(100, 8_000),
    ...times(5, 16_000),
    ...times(100, 48_000),
    ...times(100, 8_000),
    ...times(50, 48_000),
  ];
  for (const channels of [1, 2]) {
    const samples = heard(rates, channels);
    expect(samples.length).toBe(rates.length * 480);
    let largest = 0;
    for (let at = 1; at < samples.length; at++) largest = Math.max(largest, Math.abs(samples[at]! - samples[at - 1]!));
    expect(largest).toBeLessThan(STEP * 1.4);
    // Four seams of 5 ms in 3.5 s.
    const measured = measureTone(samples.subarray(4_800), 48_000, HZ);
    expect(measured.snr).toBeGreaterThan(15);
  }
});

test('a track that has the rate is given on as it came', () => {
  const given: Int16Array[] = [];
  const steady = new SteadyRate((samples) => given.push(samples));
  const pieces = [new Int16Array(480).fill(5), new Int16Array(480).fill(9)];
  for (const piece of pieces) steady.push(piece, 48_000, 1);
  expect(given[0]).toBe(pieces[0]);
  expect(given[1]).toBe(pieces[1]);
});

test('other channels begin anew', () => {
  const given: [number, number][] = [];
  const steady = new SteadyRate((samples, channels) => given.push([samples.length, channels]));
  steady.push(new Int16Array(80), 8_000, 1);
  steady.push(new Int16Array(960), 48_000, 2);
  steady.push(new Int16Array(480), 48_000, 1);
  const counted = (channels: number) =>
    given.filter(([, of]) => of === channels).reduce((sum, [count]) => sum + count, 0);
  expect([counted(1), counted(2)]).toEqual([960, 960]);
});
