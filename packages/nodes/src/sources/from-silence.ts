import { type AudioFrame, checkChannels, checkKeys, checkSampleRate, type Source } from '@sluice/core';
import { checkFrameMs, FrameTimeline } from '../formats/frame-timeline.ts';
import { checkSeconds } from '../options/media-seconds.ts';
import { GeneratorPuller } from './generator-puller.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Format and length of the silence of {@link fromSilence}. */
export interface FromSilenceOptions extends LiveOptions {
  /** Hz. Default 48,000. */
  readonly sampleRate?: number | undefined;
  /** Default 1. */
  readonly channels?: number | undefined;
  /** Seconds. Default: no end. */
  readonly duration?: number | undefined;
  /** Length of a frame in milliseconds, 1 to 1,000; the last one may be shorter. Default 20. */
  readonly frameMs?: number | undefined;
}

/**
 * Frames of zeros, on demand or with `live` on the clock: to keep a track going, or as a spacer. Adds no latency.
 *
 * @example
 * ```ts
 * import { fromSilence, toNull } from '@sluice/nodes';
 *
 * const sink = toNull();
 * fromSilence({ duration: 1 }).subscribe(sink);
 * console.log((await sink.finished).frames); // 50
 * ```
 * @see fromTone for a stream with sound.
 */
export function fromSilence(options: FromSilenceOptions = {}): Source<AudioFrame> {
  checkKeys<FromSilenceOptions>('fromSilence', options, {
    ...liveKeys,
    sampleRate: true,
    channels: true,
    duration: true,
    frameMs: true,
  });
  const { sampleRate = 48_000, channels = 1, duration, frameMs = 20, live } = options;
  checkSampleRate(sampleRate);
  checkChannels(channels);
  checkFrameMs(frameMs);
  checkSeconds('duration', duration);
  const format = { sampleRate, channels };
  const open = () => new GeneratorPuller(new FrameTimeline(format, frameMs), duration, () => {});
  return frameSource({ name: 'fromSilence', format: { kind: 'audio', ...format } }, live, open);
}
