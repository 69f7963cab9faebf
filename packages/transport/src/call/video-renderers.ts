import {
  type Cancel,
  type Clock,
  type ColorFormat,
  checkColorFormat,
  checkKeys,
  millisToMicros,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { HostPicture } from '../host/media-host.ts';
import { trackOfVideo } from './track-name.ts';
import { type TapsListener, TrackTaps } from './track-taps.ts';

/**
 * Called with each received picture. The frame is yours: close it when you have looked at it, which gives its memory back
 * to the pool. One that is forgotten costs a new allocation for a later picture, and is collected as garbage.
 */
export type VideoRendererCallback = (participantId: string, frame: VideoFrame, videoSource: string) => void;

export interface VideoRendererOptions {
  /** `camera`, `screenVideo` or the name of a custom video track. Default: `camera`. */
  readonly videoSource?: string;
  /** How the pixels shall lie. `I420`, as received, costs nothing. Default: `RGBA`. */
  readonly colorFormat?: ColorFormat;
}

/** Who takes pictures of a participant's track, and hears when there will be no more. */
export interface VideoTap {
  readonly frame: (frame: VideoFrame) => void;
  readonly end: () => void;
}

type Entry = VideoTap & { readonly colorFormat: ColorFormat };

/** Everybody inside this process who sees a participant: renderers and sources of graphs. */
export class VideoRenderers {
  readonly #taps = new TrackTaps<Entry>();
  readonly #clock: Clock;
  readonly #onFault: (error: unknown) => void;

  constructor(clock: Clock, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** The renderer of a participant's source; a new one takes the place of the old. */
  set(participantId: string, callback: VideoRendererCallback, options: VideoRendererOptions): Cancel {
    const { videoSource = 'camera' } = options;
    const frame = (frame: VideoFrame) => callback(participantId, frame, videoSource);
    return this.#taps.set(participantId, trackOfVideo(videoSource), entry({ frame, end: () => {} }, options));
  }

  /** Any number may look beside each other. */
  add(participantId: string, tap: VideoTap, options: VideoRendererOptions): Cancel {
    return this.#taps.add(participantId, trackOfVideo(options.videoSource ?? 'camera'), entry(tap, options));
  }

  /** Tells which tracks somebody looks at, now and later. */
  follow(listener: TapsListener): Cancel {
    return this.#taps.follow(listener);
  }

  /** Takes a picture over. It is converted at most once for each colour format that somebody wants. */
  take(participantId: string, track: string, picture: HostPicture): void {
    const taps = this.#taps.of(participantId, track);
    const { width, height, data } = picture;
    const timestamp = millisToMicros(this.#clock.now());
    const received = videoFramePool.adopt(data, { width, height, format: 'I420', timestamp }, 'a participant');
    const frames = framesOf(received, taps);
    for (const [index, tap] of taps.entries()) {
      const frame = frames.get(tap.colorFormat)!;
      const last = taps.every((other, at) => at <= index || other.colorFormat !== tap.colorFormat);
      this.#deliver(last ? frame : frame.clone(), tap, this.#taps.of(participantId, track));
    }
  }

  /** The participant left. */
  end(participantId: string): void {
    this.#taps.end(participantId);
  }

  /** The call is over. */
  clear(): void {
    this.#taps.clear();
  }

  /** A callback before this one may have ended it. */
  #deliver(frame: VideoFrame, tap: Entry, present: readonly Entry[]): void {
    if (!present.includes(tap)) return frame.close();
    try {
      tap.frame(frame);
    } catch (error) {
      this.#onFault(error);
    }
  }
}

/** Throws at once for options that are not valid. */
export function checkVideoRenderer(name: string, options: VideoRendererOptions): void {
  checkKeys<VideoRendererOptions>(name, options, { videoSource: true, colorFormat: true });
  if (options.colorFormat !== undefined) checkColorFormat(options.colorFormat, 'colorFormat');
  if (options.videoSource !== undefined) trackOfVideo(options.videoSource);
}

function entry({ frame, end }: VideoTap, options: VideoRendererOptions): Entry {
  checkVideoRenderer('video renderer', options);
  const { colorFormat = 'RGBA' } = options;
  return { frame, end, colorFormat };
}

/** The picture in every format that is wanted. It is taken over. */
function framesOf(received: VideoFrame, taps: readonly Entry[]): ReadonlyMap<ColorFormat, VideoFrame> {
  const frames = new Map<ColorFormat, VideoFrame>();
  for (const { colorFormat } of taps) {
    if (frames.has(colorFormat)) continue;
    const frame = colorFormat === 'I420' ? received : convert(received, colorFormat);
    frames.set(colorFormat, frame);
  }
  if (!frames.has('I420')) received.close();
  return frames;
}

function convert(received: VideoFrame, format: ColorFormat): VideoFrame {
  const { width, height, timestamp } = received;
  const frame = videoFramePool.frame({ width, height, format, timestamp }, 'a participant');
  convertColor(received, frame);
  return frame;
}
