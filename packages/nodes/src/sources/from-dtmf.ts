import { type AudioFrame, checkChannels, checkKeys, checkSampleRate, invalidArgument, type Source } from '@sluice/core';
import { checkFrameMs, FrameTimeline } from '../formats/frame-timeline.ts';
import { DtmfSequence } from '../kernels/audio/dtmf-sequence.ts';
import { dtmfKeys } from '../kernels/audio/dtmf-tones.ts';
import { checkMs, checkNumber } from '../options/check-option.ts';
import { GeneratorPuller } from './generator-puller.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Lengths, levels and format of the digits of {@link fromDtmf}. */
export interface FromDtmfOptions extends LiveOptions {
  /** Length of a digit in milliseconds, 10 to 60,000. Default 100. */
  readonly toneMs?: number | undefined;
  /** Silence after each digit in milliseconds. Default 100. */
  readonly pauseMs?: number | undefined;
  /** Silence that a `,` stands for, in milliseconds. Default 1,000. */
  readonly commaMs?: number | undefined;
  /** Hz, from 4,000 on. Default 48,000. */
  readonly sampleRate?: number | undefined;
  /** All channels carry the same. Default 1. */
  readonly channels?: number | undefined;
  /** Peak of both tones together in dBFS, -90 to 0. Default -10. */
  readonly levelDb?: number | undefined;
  /** How much stronger the column's tone, the higher one, is than the row's, in dB, -20 to 20. Default 0. */
  readonly twistDb?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Dials: the tones of a telephone's keys (ITU-T Q.23), each followed by a pause.
 *
 * Digits are `0` to `9`, `*`, `#` and `A` to `D`, a `,` is a longer pause. Each tone begins at its sample exactly, and
 * comes and goes within 1 ms. Made on demand, or with `live` on the clock; adds no latency.
 *
 * @example
 * ```ts
 * import { fromDtmf, toWavFile } from '@sluice/nodes';
 *
 * const file = toWavFile('dialled.wav');
 * fromDtmf('0123,*#', { sampleRate: 8_000 }).subscribe(file);
 * await file.finished;
 * ```
 * @throws TypeError, RangeError at once for what is no digit, and options of the wrong kind or range
 * @see detectDtmf
 */
export function fromDtmf(digits: string, options: FromDtmfOptions = {}): Source<AudioFrame> {
  checkKeys<FromDtmfOptions>('fromDtmf', options, {
    ...liveKeys,
    toneMs: true,
    pauseMs: true,
    commaMs: true,
    sampleRate: true,
    channels: true,
    levelDb: true,
    twistDb: true,
    frameMs: true,
  });
  if (typeof digits !== 'string' || ![...digits].every((digit) => digit === ',' || dtmfKeys.includes(digit)))
    throw invalidArgument('digits', 'a string of 0 to 9, *, #, A to D, and commas', digits);
  const { toneMs = 100, pauseMs = 100, commaMs = 1_000, sampleRate = 48_000, channels = 1 } = options;
  const { levelDb = -10, twistDb = 0, frameMs = 20, live } = options;
  checkSampleRate(sampleRate);
  checkNumber('sampleRate', sampleRate, { min: 4_000, max: 768_000, unit: 'Hz' });
  checkChannels(channels);
  checkFrameMs(frameMs);
  checkNumber('toneMs', toneMs, { min: 10, max: 60_000, unit: 'ms' });
  checkMs('pauseMs', pauseMs);
  checkMs('commaMs', commaMs);
  checkNumber('levelDb', levelDb, { min: -90, max: 0, unit: 'dBFS' });
  checkNumber('twistDb', twistDb, { min: -20, max: 20, unit: 'dB' });
  const format = { sampleRate, channels };
  const sequence = new DtmfSequence(digits, { ...format, toneMs, pauseMs, commaMs, levelDb, twistDb });
  const fill = (samples: Int16Array, first: number) => sequence.fill(samples, first);
  const open = () => new GeneratorPuller(new FrameTimeline(format, frameMs), sequence.length / sampleRate, fill);
  return frameSource({ name: 'fromDtmf', format: { kind: 'audio', ...format } }, live, open);
}
