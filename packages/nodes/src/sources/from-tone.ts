import {
  type AudioFrame,
  checkChannels,
  checkKeys,
  checkSampleRate,
  invalidArgument,
  outOfRange,
  SampleMemory,
  type Source,
} from '@sluice/core';
import { checkFrameMs, FrameTimeline } from '../formats/frame-timeline.ts';
import { type Waveform, waveformKernel, waveforms } from '../kernels/audio/waveform.ts';
import { checkSeconds } from '../options/media-seconds.ts';
import { GeneratorPuller } from './generator-puller.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Shape, pitch, level and length of the tone of {@link fromTone}. */
export interface FromToneOptions extends LiveOptions {
  /** Default `sine`. */
  readonly waveform?: Waveform | undefined;
  /** Hz, up to half the sample rate; where a sweep begins. Default 440, for a sweep 20. */
  readonly frequency?: number | undefined;
  /** Hz; where a sweep ends. Default: 0.45 of the sample rate. */
  readonly endFrequency?: number | undefined;
  /** Seconds of one sweep, which then starts again. Default: `duration`, or 10. */
  readonly sweepSeconds?: number | undefined;
  /** Hz. Default 48,000. */
  readonly sampleRate?: number | undefined;
  /** All channels carry the same tone; noise differs. Default 1. */
  readonly channels?: number | undefined;
  /** Peak as a part of full scale, 0 to 1. Default 0.25. */
  readonly amplitude?: number | undefined;
  /** Peak in dB of full scale, at most 0; instead of `amplitude`. */
  readonly dBFS?: number | undefined;
  /** Seconds. Default: no end. */
  readonly duration?: number | undefined;
  /** Whole number that noise is made from; the same seed gives the same samples. Default 1. */
  readonly seed?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Generates a test signal: a sine, a square wave, an exponential sweep, white or pink noise.
 *
 * Every sample follows from its index, so that the phase is exact after hours, frames join without a click and noise is
 * the same in each run. The amplitude is the peak: pink noise of the same peak is about 11 dB quieter than a sine. The
 * square wave is not band-limited. Made on demand, or with `live` on the clock; adds no latency.
 *
 * @example
 * ```ts
 * import { fromTone, toWavFile } from '@sluice/nodes';
 *
 * const file = toWavFile('a440.wav');
 * fromTone({ frequency: 440, dBFS: -6, duration: 2 }).subscribe(file);
 * await file.finished;
 * ```
 * @see fromSilence for a stream without sound.
 */
export function fromTone(options: FromToneOptions = {}): Source<AudioFrame> {
  checkKeys<FromToneOptions>('fromTone', options, {
    ...liveKeys,
    waveform: true,
    frequency: true,
    endFrequency: true,
    sweepSeconds: true,
    sampleRate: true,
    channels: true,
    amplitude: true,
    dBFS: true,
    duration: true,
    seed: true,
    frameMs: true,
  });
  const { waveform = 'sine', sampleRate = 48_000, channels = 1, duration, seed = 1, frameMs = 20, live } = options;
  if (!waveforms.includes(waveform)) throw invalidArgument('waveform', waveforms.join(', '), waveform);
  checkSampleRate(sampleRate);
  checkChannels(channels);
  checkFrameMs(frameMs);
  checkSeconds('duration', duration);
  if (!Number.isSafeInteger(seed)) throw invalidArgument('seed', 'a whole number', seed);
  const { frequency = waveform === 'sweep' ? 20 : 440, endFrequency = 0.45 * sampleRate } = options;
  checkFrequency('frequency', frequency, sampleRate);
  checkFrequency('endFrequency', endFrequency, sampleRate);
  const { sweepSeconds = duration || 10 } = options;
  checkSeconds('sweepSeconds', sweepSeconds);
  const sweepLength = Math.max(Math.round(sweepSeconds * sampleRate), 1);
  const peak = 32_767 * amplitude(options);
  const fill = waveformKernel({
    waveform,
    sampleRate,
    channels,
    peak,
    frequency,
    endFrequency,
    sweepLength,
    seed,
  });
  const format = { sampleRate, channels };
  const open = () => new GeneratorPuller(new FrameTimeline(format, frameMs), duration, fill, new SampleMemory());
  return frameSource({ name: 'fromTone', format: { kind: 'audio', ...format } }, live, open);
}

function amplitude({ amplitude, dBFS }: FromToneOptions): number {
  if (amplitude !== undefined && dBFS !== undefined) throw invalidArgument('dBFS', 'amplitude or dBFS, not both', dBFS);
  if (dBFS !== undefined) {
    if (typeof dBFS !== 'number' || Number.isNaN(dBFS)) throw invalidArgument('dBFS', 'a number of dB', dBFS);
    if (dBFS > 0) throw outOfRange('dBFS', '0 dB or less', dBFS);
    return 10 ** (dBFS / 20);
  }
  const peak = amplitude ?? 0.25;
  if (typeof peak !== 'number' || Number.isNaN(peak)) throw invalidArgument('amplitude', 'a number', peak);
  if (peak < 0 || peak > 1) throw outOfRange('amplitude', '0 to 1', peak);
  return peak;
}

function checkFrequency(name: string, frequency: number, sampleRate: number): void {
  if (typeof frequency !== 'number' || Number.isNaN(frequency))
    throw invalidArgument(name, 'a number of Hz', frequency);
  if (frequency <= 0 || frequency > sampleRate / 2) throw outOfRange(name, `over 0 to ${sampleRate / 2} Hz`, frequency);
}
