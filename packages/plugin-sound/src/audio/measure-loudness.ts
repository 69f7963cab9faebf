import {
  checkChannelMask,
  checkChannels,
  checkKeys,
  checkSampleRate,
  invalidArgument,
  type Micros,
  samplesToMicros,
} from '@sluice/core';
import { LoudnessMeter } from '../kernels/loudness-meter.ts';
import { LoudnessTotals } from '../kernels/loudness-totals.ts';

/** What {@link measureLoudness} needs to know of the samples. */
export interface MeasureLoudnessOptions {
  /** Hz, 1,000 to 768,000. */
  readonly sampleRate: number;
  /** Interleaved channels. Default 1. */
  readonly channels?: number;
  /** Which speakers they are meant for. Default: the usual ones for so many. */
  readonly channelMask?: number;
}

/** How loud a whole sound is, by EBU R 128. Silence is `-Infinity`, and so is what was too short for its window. */
export interface LoudnessMeasurement {
  /** Gated at -70 LUFS and 10 LU below the rest, in LUFS. */
  readonly integrated: number;
  /** Loudness range (EBU Tech 3342), in LU; 0 below 3 s. */
  readonly range: number;
  /** The loudest 400 ms, in LUFS. */
  readonly maxMomentary: number;
  /** The loudest 3 s, in LUFS. */
  readonly maxShortTerm: number;
  /** The highest peak, between samples too, in dBTP. */
  readonly truePeakDb: number;
  /** Length of the sound, in microseconds. */
  readonly duration: Micros;
}

/**
 * Measures the loudness of samples that are there as a whole, by ITU-R BS.1770-5 and EBU R 128.
 *
 * @example
 * ```ts
 * import { testTone } from '@sluice/core/testing';
 * import { measureLoudness } from '@sluice/plugin-sound';
 *
 * const tone = testTone({ sampleRate: 48_000, frequency: 1_000, durationMs: 5_000, amplitude: 2_320 }); // -23 dBFS
 * const { integrated } = measureLoudness(tone, { sampleRate: 48_000 }); // -26.0 LUFS in one channel, -23.0 in two
 * ```
 * @param samples interleaved s16, only read.
 * @throws TypeError, RangeError for samples or options of the wrong kind or range
 * @see loudness for streams
 */
export function measureLoudness(samples: Int16Array, options: MeasureLoudnessOptions): LoudnessMeasurement {
  checkKeys<MeasureLoudnessOptions>('measureLoudness', options, {
    sampleRate: true,
    channels: true,
    channelMask: true,
  });
  const { sampleRate, channels = 1, channelMask } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  if (channelMask !== undefined) checkChannelMask(channelMask, channels);
  if (!(samples instanceof Int16Array) || samples.length % channels !== 0)
    throw invalidArgument('samples', `an Int16Array with whole samples of ${channels} channels`, samples);
  const totals = new LoudnessTotals();
  const meter = new LoudnessMeter({ sampleRate, channels, channelMask }, totals);
  for (let at = 0; at < samples.length; ) at = meter.add(samples, at);
  meter.flush();
  const { integrated, range, maxMomentary, maxShortTerm, truePeakDb } = totals;
  const duration = samplesToMicros(samples.length / channels, sampleRate);
  return { integrated, range, maxMomentary, maxShortTerm, truePeakDb, duration };
}
