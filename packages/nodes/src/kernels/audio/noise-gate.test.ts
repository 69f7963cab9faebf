import { seededRandom } from '@sluice/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoiseGate, type NoiseGateSettings } from './noise-gate.ts';

const rate = 8_000;
const plain: NoiseGateSettings = {
  openDb: -40,
  closeDb: -46,
  openAboveFloorDb: undefined,
  attackMs: 5,
  holdMs: 50,
  releaseMs: 20,
  lookaheadMs: 0,
};

/** Stretches of a tone, in milliseconds and peak sample units. */
function tones(...stretches: readonly (readonly [ms: number, amplitude: number])[]): Int16Array {
  const amplitudes = stretches.flatMap(([ms, amplitude]) => Array<number>((ms * rate) / 1_000).fill(amplitude));
  return Int16Array.from(amplitudes, (amplitude, index) => Math.round(amplitude * Math.sin(index * 0.785 + 0.4)));
}

function gated(
  signal: Int16Array,
  settings: Partial<NoiseGateSettings> = {},
  sizes: readonly number[] = [signal.length],
) {
  const gate = new NoiseGate(rate, 1, { ...plain, ...settings });
  const parts: Int16Array[] = [];
  for (let at = 0, index = 0; at < signal.length; index++) {
    const part = signal.subarray(at, at + sizes[index % sizes.length]!);
    at += part.length;
    const output = new Int16Array(gate.leaves(part.length));
    gate.process(part, output);
    parts.push(output);
  }
  const tail = new Int16Array(gate.held);
  gate.drain(tail);
  return Int16Array.from([...parts, tail].flatMap((part) => [...part]));
}

/** Milliseconds of the first and last sample that is heard. */
function heard(signal: Int16Array): readonly [first: number, last: number] {
  const first = signal.findIndex((value) => value !== 0);
  return [(first * 1_000) / rate, ((signal.findLastIndex((value) => value !== 0) + 1) * 1_000) / rate];
}

describe('NoiseGate', () => {
  it('passes what is loud to the bit, and makes silence of what is not', () => {
    const signal = tones([200, 200], [200, 8_000], [300, 200]);
    const output = gated(signal, { lookaheadMs: 10 });
    expect(output).toHaveLength(signal.length);
    expect(output.subarray(1_600, 3_200)).toEqual(signal.subarray(1_600, 3_200));
    expect([...output.subarray(0, 1_500)].every((value) => value === 0)).toBe(true);
    expect([...output.subarray(4_400)].every((value) => value === 0)).toBe(true);
  });

  it('opens, holds and closes when it says, to the sample', () => {
    const signal = tones([100, 100], [100, 16_000], [300, 100]);
    const [first, last] = heard(gated(signal));
    expect(first).toBeCloseTo(100, 0);
    // The RMS of 10 ms is below -46 dBFS when all of it is quiet; then 50 ms of hold and 20 of release.
    expect(last).toBeGreaterThan(200 + 9 + 50 + 18);
    expect(last).toBeLessThanOrEqual(200 + 10 + 50 + 20 + 1);
    expect(heard(gated(signal, { lookaheadMs: 30 }))[0]).toBeCloseTo(70, 0);
    expect(heard(gated(signal, { holdMs: 100 }))[1] - last).toBeCloseTo(50, 0);
  });

  it('does not chatter between its thresholds', () => {
    // 400 at the peak is an RMS of -41.3 dBFS.
    expect(gated(tones([500, 400])).every((value) => value === 0)).toBe(true);
    const afterLoud = gated(tones([50, 3_000], [400, 400]));
    expect(afterLoud.subarray(400).filter((value) => value === 0).length).toBeLessThan(10);
  });

  it('ramps: no step is larger than the signal and the ramp make it', () => {
    const direct = new Int16Array(8_000).fill(20_000, 2_000, 4_000);
    for (const lookaheadMs of [0, 5]) {
      const output = gated(direct, { lookaheadMs, releaseMs: 5, attackMs: 5, holdMs: 0 });
      for (let index = 1; index < 1_990; index++) expect(output[index]).toBe(0);
      const quiet = gated(new Int16Array(8_000).fill(12_000), { openDb: -10, closeDb: -10, lookaheadMs });
      for (let index = 1; index < 8_000; index++)
        expect(Math.abs(quiet[index]! - quiet[index - 1]!)).toBeLessThanOrEqual(12_000 / 40 + 1);
    }
  });

  it('does the same whatever the pieces', () => {
    const random = seededRandom(3);
    const signal = Int16Array.from({ length: 8_000 }, (_, index) =>
      Math.round((random() - 0.5) * (index % 3_000 < 1_200 ? 8_000 : 150)),
    );
    const whole = gated(signal, { lookaheadMs: 7.5, openAboveFloorDb: 12 });
    expect(whole).toHaveLength(8_000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }), (sizes) => {
        expect(gated(signal, { lookaheadMs: 7.5, openAboveFloorDb: 12 }, sizes)).toEqual(whole);
      }),
      { numRuns: 30 },
    );
  });

  it('decides by the loudest channel, and moves all as one', () => {
    const gate = new NoiseGate(rate, 2, { ...plain, lookaheadMs: 10 });
    const mono = tones([100, 0], [100, 8_000]);
    const input = new Int16Array(2 * mono.length);
    for (let index = 0; index < mono.length; index++) {
      input[2 * index] = 50;
      input[2 * index + 1] = mono[index]!;
    }
    const output = new Int16Array(2 * gate.leaves(mono.length));
    gate.process(input, output);
    expect(output.subarray(0, 2 * 700).every((value) => value === 0)).toBe(true);
    expect(output.subarray(-200)).toEqual(input.subarray(-200 - 160, -160));
  });
});

describe('NoiseGate above the noise floor', () => {
  const random = seededRandom(9);
  const seconds = (length: number, value: (index: number) => number) =>
    Int16Array.from({ length: length * rate }, (_, index) => Math.round(value(index)));
  const hum = (index: number) =>
    1_500 * Math.sin((2 * Math.PI * 50 * index) / rate) + 400 * Math.sin((2 * Math.PI * 150 * index) / rate);
  let fanState = 0;
  const fan = () => {
    fanState = 0.8 * fanState + 0.2 * (random() - 0.5);
    return 2_500 * fanState;
  };
  /** Syllables of 200 ms with 60 ms between, in phrases of 2 s with 500 ms between. */
  const talks = (index: number) => index % 20_000 < 16_000 && index % 2_080 < 1_600;
  const speech = (index: number) => (talks(index) ? 9_000 * Math.sin((2 * Math.PI * 300 * index) / rate) : 0);
  const share = (signal: Int16Array, from: number, which: (index: number) => boolean) => {
    let [heardSamples, all] = [0, 0];
    for (let index = from; index < signal.length; index++) {
      if (!which(index)) continue;
      all++;
      if (signal[index] !== 0) heardSamples++;
    }
    return heardSamples / all;
  };
  const settings = { openDb: -60, closeDb: -66, openAboveFloorDb: 12, lookaheadMs: 5, holdMs: 100 };

  it.each([
    ['a hum', hum],
    ['a fan', fan],
  ])('silences %s that the plain thresholds let pass', (_name, noise) => {
    const signal = seconds(10, noise);
    expect(share(gated(signal, { ...settings, openAboveFloorDb: undefined }), 0, () => true)).toBeGreaterThan(0.9);
    expect(share(gated(signal, settings), 8_000, () => true)).toBe(0);
  });

  it.each([
    ['a hum', hum],
    ['a fan', fan],
  ])('passes speech over %s, and closes in its pauses', (_name, noise) => {
    const signal = seconds(20, (index) => noise(index) + speech(index));
    const output = gated(signal, settings);
    expect(share(output, 16_000, talks)).toBeGreaterThan(0.98);
    expect(share(output, 16_000, (index) => index % 20_000 > 18_000 && index % 20_000 < 19_900)).toBe(0);
  });

  it('gets used to a fan that starts within 3 s, and to one that stops at once', () => {
    const signal = seconds(16, (index) => (index < 4 * rate || index > 10 * rate ? 0.05 : 1) * fan());
    const output = gated(signal, settings);
    expect(share(output, 0, (index) => index > 4.1 * rate && index < 6.5 * rate)).toBeGreaterThan(0.9);
    expect(share(output, 0, (index) => index > 7.4 * rate && index < 10 * rate)).toBe(0);
    const quiet = seconds(
      16,
      (index) => (index > 11 * rate && index < 12 * rate ? speech(index) / 20 : 0) + 0.05 * fan(),
    );
    expect(share(gated(quiet, settings), 11.1 * rate, (index) => index < 12 * rate && talks(index))).toBeGreaterThan(
      0.9,
    );
  });

  it('does not take a muted stream for a quiet room', () => {
    const signal = seconds(10, (index) => (index % (4 * rate) < 2 * rate ? 0 : hum(index)));
    expect(share(gated(signal, settings), 3 * rate, () => true)).toBe(0);
  });
});
