import { type AudioFrame, NODE, withContext } from '@sluice/core';
import { ActorDouble, channelOf, measureTone, peak, rms, samplesOf, toneContinuity } from '@sluice/core/testing';
import { count, lastValueFrom, take, tap, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { waveformKernel } from '../kernels/audio/waveform.ts';
import { fromSilence } from './from-silence.ts';
import { type FromToneOptions, fromTone } from './from-tone.ts';

const frames = (options: FromToneOptions): Promise<AudioFrame[]> => lastValueFrom(fromTone(options).pipe(toArray()));
const samples = async (options: FromToneOptions) => samplesOf(await frames(options));

/** Power between two frequencies, by single bins 10 Hz apart. */
function bandPower(signal: Int16Array, sampleRate: number, from: number, to: number): number {
  let power = 0;
  for (let frequency = from; frequency < to; frequency += 10) {
    let re = 0;
    let im = 0;
    for (let i = 0; i < signal.length; i++) {
      re += signal[i]! * Math.cos((2 * Math.PI * frequency * i) / sampleRate);
      im += signal[i]! * Math.sin((2 * Math.PI * frequency * i) / sampleRate);
    }
    power += re * re + im * im;
  }
  return power;
}

describe('fromTone', () => {
  it('is a clean sine of the given level and frequency', async () => {
    const tone = measureTone(await samples({ frequency: 1_000, dBFS: -6, duration: 1 }), 48_000, 1_000);
    expect(tone.frequency).toBeCloseTo(1_000, 3);
    expect(tone.amplitude).toBeCloseTo(-6, 2);
    expect(tone.snr).toBeGreaterThan(90);
  });

  it('has no click and no drift across frames of any length', async () => {
    for (const frameMs of [7.3, 20, 1_000]) {
      const signal = await samples({ frequency: 441.7, sampleRate: 44_100, duration: 3, frameMs });
      expect(toneContinuity(signal, { sampleRate: 44_100, frequency: 441.7 }).breaks).toEqual([]);
    }
    for (const frameMs of [7.3, 1_000])
      expect(await samples({ frameMs, duration: 1 })).toEqual(await samples({ frameMs: 20, duration: 1 }));
  });

  // What 440 Hz writes comes again after 1,200 samples, 443 Hz after 48,000, 440.5 Hz after 96,000.
  it.each([440, 443, 440.5])('is in phase after a day at %s Hz', (frequency) => {
    const kernel = waveformKernel({
      waveform: 'sine',
      sampleRate: 48_000,
      channels: 2,
      peak: 20_000,
      frequency,
      endFrequency: 1,
      sweepLength: 1,
      seed: 1,
    });
    const later = new Int16Array(2 * 3_000);
    kernel(later, 48_000 * 86_400 + 777);
    for (let i = 0; i < later.length; i++) {
      const cycles = (frequency * (777 + (i >> 1))) / 48_000;
      expect(Math.abs(later[i]! - 20_000 * Math.sin(2 * Math.PI * cycles))).toBeLessThanOrEqual(0.51);
    }
  });

  it('takes the memory of closed frames again, and of no others', async () => {
    const kept: Int16Array[] = [];
    const closed: Int16Array[] = [];
    await lastValueFrom(
      fromTone({ duration: 0.1 }).pipe(
        tap((frame) => {
          const { samples } = frame;
          if (kept.length > closed.length) closed.push(samples) && frame.close();
          else kept.push(samples);
        }),
      ),
    );
    expect([kept.length, closed.length]).toEqual([3, 2]);
    expect(new Set([...kept, ...closed]).size).toBe(3);
    expect(kept[1]).not.toBe(kept[0]);
  });

  it('plays the same in all channels', async () => {
    const all = await frames({ channels: 3, duration: 0.1 });
    expect(samplesOf(all, 2)).toEqual(samplesOf(all, 0));
    expect(all[0]).toMatchObject({ channels: 3, length: 960 });
  });

  it('is a square wave', async () => {
    const signal = await samples({
      waveform: 'square',
      frequency: 100,
      amplitude: 0.5,
      sampleRate: 8_000,
      duration: 0.02,
    });
    expect([...signal]).toEqual(
      [...Array(40).fill(16_384), ...Array(40).fill(-16_383)].concat(Array(40).fill(16_384), Array(40).fill(-16_383)),
    );
  });

  it('sweeps through its range and goes on without a jump in phase', async () => {
    const signal = await samples({
      waveform: 'sweep',
      frequency: 100,
      endFrequency: 1_600,
      duration: 2,
      sweepSeconds: 1,
      sampleRate: 8_000,
      amplitude: 0.9,
    });
    // Four octaves in a second: in the middle it is two octaves up.
    expect(measureTone(signal.subarray(3_980, 4_020), 8_000, 400, { searchHz: 30 }).frequency).toBeCloseTo(400, -1);
    const steepest = 0.9 * 32_768 * 2 * Math.PI * (1_600 / 8_000);
    for (let i = 1; i < signal.length; i++) expect(Math.abs(signal[i]! - signal[i - 1]!)).toBeLessThan(steepest);
  });

  it('makes the same noise from the same seed, another from another', async () => {
    for (const waveform of ['white', 'pink'] as const) {
      const one = await samples({ waveform, duration: 0.5, seed: 7 });
      expect(await samples({ waveform, duration: 0.5, seed: 7, frameMs: 33 })).toEqual(one);
      expect(await samples({ waveform, duration: 0.5, seed: 8 })).not.toEqual(one);
      const stereo = await frames({ waveform, duration: 0.5, channels: 2 });
      expect(channelOf(samplesOf(stereo), 1)).not.toEqual(samplesOf(stereo, 1));
    }
  });

  it('spreads white noise evenly, and pink noise by octaves', async () => {
    const white = await samples({ waveform: 'white', duration: 1, sampleRate: 16_000, amplitude: 1 });
    expect(peak(white)).toBeGreaterThan(32_000);
    expect(rms(white) / 32_768).toBeCloseTo(1 / Math.sqrt(3), 2);
    const whiteRatio = bandPower(white, 16_000, 200, 400) / bandPower(white, 16_000, 1_600, 3_200);
    expect(10 * Math.log10(whiteRatio)).toBeCloseTo(-9, -1);
    const pink = await samples({ waveform: 'pink', duration: 1, sampleRate: 16_000, amplitude: 1 });
    const pinkRatio = bandPower(pink, 16_000, 200, 400) / bandPower(pink, 16_000, 1_600, 3_200);
    expect(Math.abs(10 * Math.log10(pinkRatio))).toBeLessThan(3);
    expect(rms(pink)).toBeGreaterThan(3_000);
  });

  it('ends at the sample, and has no end without a duration', async () => {
    expect(await samples({ duration: 0.0101, sampleRate: 8_000 })).toHaveLength(81);
    expect(await frames({ duration: 0 })).toHaveLength(0);
    expect(await lastValueFrom(fromTone().pipe(take(500), count()))).toBe(500);
  });

  it('paces on the clock with live, re-anchors after a stall and says so to the graph', async () => {
    const context = new ActorDouble();
    const source = fromTone({ live: true, duration: 1 });
    expect(source[NODE]).toMatchObject({ live: true, format: { kind: 'audio', sampleRate: 48_000, channels: 1 } });
    const arrivals: number[] = [];
    withContext(context, () => source.subscribe(() => arrivals.push(context.clock.now())));
    await context.clock.advance(99);
    expect(arrivals).toEqual([0, 20, 40, 60, 80]);
    await context.clock.run();
    expect(arrivals).toHaveLength(50);
    expect(arrivals.at(-1)).toBe(980);
  });

  it('stops its timer when it is unsubscribed', async () => {
    const context = new ActorDouble();
    const subscription = withContext(context, () => fromTone({ live: true }).subscribe());
    await context.clock.advance(100);
    expect(context.clock.timers).toBe(1);
    subscription.unsubscribe();
    expect(context.clock.timers).toBe(0);
  });

  it.each([
    ['waveform', { waveform: 'saw' as never }],
    ['frequency', { frequency: 0 }],
    ['frequency', { frequency: 30_000 }],
    ['endFrequency', { endFrequency: -1 }],
    ['amplitude', { amplitude: 1.1 }],
    ['dBFS', { dBFS: 1 }],
    ['dBFS', { dBFS: -6, amplitude: 0.5 }],
    ['seed', { seed: 0.5 }],
    ['duration', { duration: Number.POSITIVE_INFINITY }],
    ['sampleRate', { sampleRate: 1 }],
    ['channels', { channels: 0 }],
  ] satisfies [string, FromToneOptions][])('refuses a bad %s at once', (name, options) => {
    expect(() => fromTone(options)).toThrow(new RegExp(`^${name} `));
  });
});

describe('fromSilence', () => {
  it('is silent for its duration', async () => {
    const all: AudioFrame[] = [];
    fromSilence({ sampleRate: 8_000, channels: 2, duration: 0.05 }).subscribe((frame) => all.push(frame));
    expect(all.map((frame) => frame.length)).toEqual([160, 160, 80]);
    expect(all.map((frame) => frame.timestamp)).toEqual([0, 20_000, 40_000]);
    expect(all.every((frame) => frame.samples.every((sample) => sample === 0))).toBe(true);
  });

  it('refuses bad options at once', async () => {
    expect(() => fromSilence({ duration: -1 })).toThrow(RangeError);
    expect(() => fromSilence({ frameMs: 5_000 })).toThrow(RangeError);
  });
});
