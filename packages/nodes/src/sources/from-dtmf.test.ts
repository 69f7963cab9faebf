import { type AudioFrame, NODE } from '@sluice/core';
import { measureTone, peak, samplesOf } from '@sluice/core/testing';
import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type FromDtmfOptions, fromDtmf } from './from-dtmf.ts';

const frames = (digits: string, options?: FromDtmfOptions): Promise<AudioFrame[]> =>
  lastValueFrom(fromDtmf(digits, options).pipe(toArray()));
const samples = async (digits: string, options?: FromDtmfOptions) => samplesOf(await frames(digits, options));

describe('fromDtmf', () => {
  it('plays the two tones of a key, at the level and twist asked for', async () => {
    const options = { toneMs: 200, pauseMs: 0, levelDb: -6, twistDb: 3, sampleRate: 16_000 };
    const signal = await samples('6', options);
    const tone = (frequency: number) => measureTone(signal.subarray(100, -100), 16_000, frequency, { searchHz: 20 });
    expect(tone(770).frequency).toBeCloseTo(770, 0);
    expect(tone(1_477).frequency).toBeCloseTo(1_477, 0);
    expect(tone(1_477).amplitude - tone(770).amplitude).toBeCloseTo(3, 1);
    expect(20 * Math.log10(peak(signal) / 32_768)).toBeCloseTo(-6, 1);
  });

  it('keeps times to the sample: tones, pauses, commas', async () => {
    const signal = await samples('1,2', { sampleRate: 8_000, toneMs: 45, pauseMs: 35, commaMs: 100, levelDb: -3 });
    expect(signal).toHaveLength(360 + 280 + 800 + 360 + 280);
    const loud = (from: number, end: number) => peak(signal.subarray(from, end)) > 0;
    expect([loud(0, 3), loud(357, 360), loud(360, 1_440), loud(1_440, 1_443), loud(1_797, 1_800)]).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(loud(1_800, 2_080)).toBe(false);
  });

  it('is the same in frames of any length, and in all channels', async () => {
    const whole = await samples('159D*#', { frameMs: 1_000 });
    expect(await samples('159D*#', { frameMs: 7.3 })).toEqual(whole);
    const stereo = await frames('159D*#', { channels: 2 });
    expect(samplesOf(stereo, 1)).toEqual(whole);
    expect(samplesOf(stereo, 0)).toEqual(whole);
  });

  it('says what it is to the graph, and is nothing for no digits', async () => {
    const format = { kind: 'audio', sampleRate: 8_000, channels: 1 };
    expect(fromDtmf('1', { sampleRate: 8_000, live: true })[NODE]).toMatchObject({ live: true, format });
    expect(await frames('')).toEqual([]);
  });

  it.each([
    ['digits', 'E', {}],
    ['digits', 15, {}],
    ['toneMs', '1', { toneMs: 5 }],
    ['pauseMs', '1', { pauseMs: -1 }],
    ['commaMs', '1', { commaMs: Number.NaN }],
    ['sampleRate', '1', { sampleRate: 3_000 }],
    ['levelDb', '1', { levelDb: 1 }],
    ['twistDb', '1', { twistDb: 30 }],
    ['channels', '1', { channels: 0 }],
    ['frameMs', '1', { frameMs: 0 }],
  ])('refuses %s at once', (name, digits, options) => {
    expect(() => fromDtmf(digits as string, options)).toThrow(new RegExp(`^${name} is `));
  });
});
