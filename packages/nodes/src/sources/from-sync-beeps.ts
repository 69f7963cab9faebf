import { type AudioFrame, checkChannels, checkKeys, checkSampleRate, type Source } from '@sluice/core';
import { checkFrameMs, FrameTimeline } from '../formats/frame-timeline.ts';
import { checkNumber } from '../options/check-option.ts';
import { checkSeconds } from '../options/media-seconds.ts';
import { GeneratorPuller } from './generator-puller.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Format, pitch and spacing of the beeps of {@link fromSyncBeeps}. */
export interface FromSyncBeepsOptions extends LiveOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number | undefined;
  /** All channels carry the same beep. Default 1. */
  readonly channels?: number | undefined;
  /** Hz, up to half the sample rate. Default 1,000. */
  readonly frequency?: number | undefined;
  /** Length of a beep in milliseconds, 5 to 900. Default 100. */
  readonly beepMs?: number | undefined;
  /** Peak as a part of full scale, 0 to 1. Default 0.5. */
  readonly amplitude?: number | undefined;
  /** Seconds. Default: no end. */
  readonly duration?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/** A beep comes and goes in this time, in milliseconds: it does not click, and its beginning is still sharp. */
const FADE_MS = 1;

/**
 * Beeps on each full second of media time, silence between: the sound to the flash of `fromTestPattern`.
 *
 * The first sample of a beep is that of the second, exactly, for however long it runs; it fades in and out within 1 ms.
 * Made on demand, or with `live` on the clock; adds no latency.
 *
 * @example
 * ```ts
 * import { fromSyncBeeps, toWavFile } from '@sluice/nodes';
 *
 * const file = toWavFile('beeps.wav');
 * fromSyncBeeps({ duration: 3 }).subscribe(file);
 * await file.finished;
 * ```
 * @see fromTestPattern for the picture, fromTone for a steady sound.
 */
export function fromSyncBeeps(options: FromSyncBeepsOptions = {}): Source<AudioFrame> {
  checkKeys<FromSyncBeepsOptions>('fromSyncBeeps', options, {
    ...liveKeys,
    sampleRate: true,
    channels: true,
    frequency: true,
    beepMs: true,
    amplitude: true,
    duration: true,
    frameMs: true,
  });
  const { sampleRate = 48_000, channels = 1, frequency = 1_000, beepMs = 100, amplitude = 0.5 } = options;
  const { duration, frameMs = 20, live } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  checkFrameMs(frameMs);
  checkSeconds('duration', duration);
  checkNumber('frequency', frequency, { min: 1, max: sampleRate / 2, unit: 'Hz' });
  checkNumber('beepMs', beepMs, { min: 5, max: 900, unit: 'ms' });
  checkNumber('amplitude', amplitude, { min: 0, max: 1, unit: 'of full scale' });
  const beep = makeBeep(sampleRate, frequency, beepMs, 32_767 * amplitude);
  const fill = (samples: Int16Array, first: number) => {
    for (let index = 0; index < samples.length / channels; index++) {
      const position = (first + index) % sampleRate;
      if (position < beep.length) samples.fill(beep[position]!, index * channels, (index + 1) * channels);
    }
  };
  const format = { sampleRate, channels };
  const open = () => new GeneratorPuller(new FrameTimeline(format, frameMs), duration, fill);
  return frameSource({ name: 'fromSyncBeeps', format: { kind: 'audio', ...format } }, live, open);
}

function makeBeep(sampleRate: number, frequency: number, beepMs: number, peak: number): Int16Array {
  const length = Math.round((sampleRate * beepMs) / 1_000);
  const fade = (sampleRate * FADE_MS) / 1_000;
  return Int16Array.from({ length }, (_, index) => {
    const envelope = Math.min((index + 1) / fade, (length - index) / fade, 1);
    return Math.round(peak * envelope * Math.cos((2 * Math.PI * frequency * index) / sampleRate));
  });
}
