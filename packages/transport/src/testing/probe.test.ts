import { testNoise } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { PROBE_PERIOD, probeDigits, probeIndex } from './probe-code.ts';
import { decodeProbe, ProbeListener } from './probe-listener.ts';
import { probeFrame, probeSamples, probeSignal } from './probe-signal.ts';

const sampleRate = 48_000;
const FRAME = 960;
const signal = (count: number, first = 0) => probeSamples(count, { sampleRate }, first);
const indexes = (report: { arrivals: readonly { index: number }[] }) => report.arrivals.map(({ index }) => index);
const range = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

describe('the code', () => {
  it('gives each index its digits, and refuses any single wrong one', () => {
    for (let index = 0; index < PROBE_PERIOD; index++) {
      const [low, high, check] = probeDigits(index, 3);
      expect(probeIndex(low, high, check, 3)).toBe(index);
      expect(probeIndex(low, high, check, 4)).toBeUndefined();
      for (let wrong = 1; wrong < 11; wrong++) {
        expect(probeIndex((low + wrong) % 11, high, check, 3)).toBeUndefined();
        expect(probeIndex(low, (high + wrong) % 11, check, 3)).toBeUndefined();
      }
    }
  });
});

describe('ProbeListener', () => {
  it.each([[8000], [16_000], [24_000], [44_100], [48_000]])('reads every frame at %i Hz, to a few ms', (rate) => {
    const report = decodeProbe(probeSamples(300, { sampleRate: rate }), { sampleRate: rate });
    expect(indexes(report)).toEqual(range(300));
    for (const { index, position, level, duration } of report.arrivals) {
      expect(Math.abs(position - index * 20)).toBeLessThan(2.6);
      expect(level).toBeCloseTo(-15.2, 0);
      expect(Math.abs(duration - 20)).toBeLessThanOrEqual(6.7);
    }
    expect(report).toMatchObject({
      gaps: [],
      silences: [],
      longestGapMs: 0,
      duplicates: 0,
      stretched: 0,
      orderErrors: 0,
    });
    expect(Math.abs(report.driftPpm)).toBeLessThan(20);
  });

  it('reads it at any offset, in any chunks, from the first of two channels', () => {
    for (const offset of [1, 333, 479, 777]) {
      const listener = new ProbeListener();
      const mono = signal(40).subarray(offset);
      const stereo = new Int16Array(mono.length * 2);
      mono.forEach((sample, index) => {
        stereo[2 * index] = sample;
      });
      for (let at = 0; at < stereo.length; at += 2 * 317)
        listener.push(stereo.subarray(at, at + 2 * 317), { sampleRate, channels: 2 });
      expect(indexes(listener.report())).toEqual(range(40).slice(offset > 480 ? 1 : 0));
    }
  });

  it('finds frames that were cut out, replaced by silence, by noise', () => {
    const whole = signal(100);
    const cut = Int16Array.of(...whole.subarray(0, 30 * FRAME), ...whole.subarray(35 * FRAME));
    expect(decodeProbe(cut, { sampleRate })).toMatchObject({
      heard: 95,
      gaps: [{ firstIndex: 30, frames: 5, ms: 100 }],
      longestGapMs: 100,
    });
    const holed = whole.slice().fill(0, 30 * FRAME, 35 * FRAME);
    const report = decodeProbe(holed, { sampleRate });
    expect(report.gaps).toMatchObject([{ firstIndex: 30, frames: 5 }]);
    expect(report.silences).toHaveLength(1);
    expect(report.silences[0]!.ms).toBeCloseTo(100, -1);
    const noisy = whole.slice();
    noisy.set(testNoise({ length: 2 * FRAME }), 50 * FRAME);
    expect(decodeProbe(noisy, { sampleRate }).gaps).toMatchObject([{ firstIndex: 50, frames: 2 }]);
  });

  it('finds a hole of 8 ms inside a frame as silence, and frames too quiet to hear as missing', () => {
    const holed = signal(20).fill(0, 10 * FRAME + 200, 10 * FRAME + 584);
    const report = decodeProbe(holed, { sampleRate });
    expect(report.silences).toHaveLength(1);
    expect(report.longestGapMs).toBeGreaterThanOrEqual(5);
    const faint = signal(20);
    for (let index = 5 * FRAME; index < 7 * FRAME; index++) faint[index] = Math.round(faint[index]! / 100);
    expect(decodeProbe(faint, { sampleRate }).gaps).toMatchObject([{ firstIndex: 5, frames: 2 }]);
  });

  it('counts duplicates and order errors', () => {
    const frame = (index: number) => probeFrame(index, { sampleRate });
    const join = (...order: number[]) => Int16Array.of(...order.flatMap((index) => [...frame(index)]));
    expect(decodeProbe(join(0, 1, 2, 2, 3, 4), { sampleRate })).toMatchObject({ stretched: 1, duplicates: 0 });
    expect(decodeProbe(join(0, 1, 2, 1, 3, 4), { sampleRate }).duplicates).toBe(1);
    expect(decodeProbe(join(0, 1, 3, 2, 4, 5), { sampleRate })).toMatchObject({ orderErrors: 1, gaps: [], heard: 6 });
  });

  it('counts expected frames that never came', () => {
    const report = decodeProbe(signal(10, 5), { sampleRate, expected: { first: 0, end: 20 } });
    expect(report.gaps).toMatchObject([
      { firstIndex: 0, frames: 5 },
      { firstIndex: 15, frames: 5 },
    ]);
    expect(decodeProbe(new Int16Array(4800), { sampleRate, expected: { first: 0, end: 5 } }).longestGapMs).toBe(100);
  });

  it('restores indexes after a pause longer than the period, by time', () => {
    const listener = new ProbeListener({ startedAt: 30 });
    listener.push(signal(10, 250), { sampleRate, channels: 1 }, 5000);
    listener.push(signal(10, 1000), { sampleRate, channels: 1 }, 20_000);
    expect(indexes(listener.report())).toEqual([...range(10, 250), ...range(10, 1000)]);
  });

  it('hears nothing of another seed, of noise and of a tone', () => {
    expect(decodeProbe(signal(200), { sampleRate, seed: 5 }).heard).toBe(0);
    expect(decodeProbe(testNoise({ length: 20 * 48_000 }), { sampleRate }).heard).toBe(0);
    const tone = Int16Array.from({ length: 48_000 }, (_, index) => 9000 * Math.sin(index / 7));
    expect(decodeProbe(tone, { sampleRate }).heard).toBe(0);
  });

  it('tells delay and drift by the clock it is given', () => {
    const listener = new ProbeListener();
    for (let index = 0; index < 500; index++)
      listener.push(probeFrame(index, { sampleRate }), { sampleRate, channels: 1 }, 1000 + index * 20 * 1.0002 + 65);
    const report = listener.report({ emittedAt: (index) => 1000 + index * 20 });
    expect(report.delay!.min).toBeCloseTo(65, -1);
    expect(report.delay!.median).toBeLessThan(70);
    expect(report.driftPpm).toBeCloseTo(200, -1);
  });

  it('goes on when the format changes', () => {
    const listener = new ProbeListener();
    listener.push(probeSamples(10, { sampleRate: 16_000 }), { sampleRate: 16_000, channels: 1 });
    listener.push(signal(10, 10), { sampleRate, channels: 1 });
    expect(indexes(listener.report())).toEqual(range(20));
  });

  it('refuses what cannot carry it', () => {
    expect(() => new ProbeListener().push(new Int16Array(80), { sampleRate: 11_025, channels: 1 })).toThrow(RangeError);
    expect(() => probeFrame(0, { sampleRate: 22_050 })).toThrow(RangeError);
    expect(() => probeFrame(0, { sampleRate, seed: 11 })).toThrow(RangeError);
    expect(() => probeSignal({ sampleRate, amplitude: 0 })).toThrow(RangeError);
  });
});

describe('probeSignal', () => {
  it('is a source of frames with their media time', async () => {
    const times: number[] = [];
    const samples: number[] = [];
    await probeSignal({ sampleRate: 16_000, channels: 2, frames: 3 }).forEach((frame) => {
      times.push(frame.timestamp);
      samples.push(frame.samples.length);
    });
    expect([times, samples]).toEqual([
      [0, 20_000, 40_000],
      [640, 640, 640],
    ]);
  });
});
