import {
  type Cancel,
  type Clock,
  type ColorFormat,
  type ColorSpace,
  checkColorFormat,
  checkColorSpace,
  checkKeys,
  type Micros,
  millisToMicros,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';
import type { PictureShedding } from '../../devices/load-watch.ts';
import type { HostPicture } from '../../host/media-host.ts';
import { trackOfVideo } from '../track-name.ts';
import { type TapsListener, TrackTaps } from './track-taps.ts';

/**
 * Called with each received picture. The frame is yours: close it when you have looked at it, which gives its memory back
 * to the pool. One that is forgotten costs a new allocation for a later picture, and is collected as garbage.
 */
export type VideoRendererCallback = (participantId: string, frame: VideoFrame, videoSource: string) => void;

/** Which pictures of a participant are seen, and in which format. */
export interface VideoRendererOptions {
  /** `camera`, `screenVideo` or the name of a custom video track. Default: `camera`. */
  readonly videoSource?: string;
  /** How the pixels shall lie. `I420`, as received, costs nothing. Default: `RGBA`. */
  readonly colorFormat?: ColorFormat;
  /**
   * What the sender's pixels mean. Default: what receivers expect of the codec, `bt601` of VP8 and `bt709` of VP9 and AV1.
   * Chromium sends what a page draws on a canvas as `bt709-full`, whatever the codec, and no receiver can see that.
   */
  readonly colorSpace?: ColorSpace;
}

/** Who takes pictures of a participant's track, and hears when there will be no more. */
export interface VideoTap {
  readonly frame: (frame: VideoFrame) => void;
  readonly end: () => void;
}

type Entry = VideoTap & { readonly colorFormat: ColorFormat; readonly colorSpace: ColorSpace | undefined };

/** Everybody inside this process who sees a participant: renderers and sources of graphs. */
export class VideoRenderers {
  readonly #taps = new TrackTaps<Entry>();
  /** When a picture of a track was taken, while there is no time for all. */
  readonly #takenAt = new Map<string, number>();
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

  /** Takes a picture over. It is converted at most once for all who want the same, or left out if there is no time. */
  take(participantId: string, track: string, picture: HostPicture, load?: PictureShedding): void {
    if (load?.sheds === true && this.#isShed(`${participantId}/${track}`, load)) return;
    const taps = this.#taps.of(participantId, track);
    const frames = framesOf(picture, taps, millisToMicros(this.#clock.now()));
    for (const [index, tap] of taps.entries()) {
      const frame = frames[index]!;
      const last = frames.lastIndexOf(frame) === index;
      this.#deliver(last ? frame : frame.clone(), tap, this.#taps.of(participantId, track));
    }
  }

  /** The participant left. */
  end(participantId: string, mayReturn = false): void {
    this.#taps.end(participantId, mayReturn);
  }

  /** The call is over. */
  clear(): void {
    this.#takenAt.clear();
    this.#taps.clear();
  }

  #isShed(key: string, load: PictureShedding): boolean {
    if (load.shed(this.#takenAt.get(key) ?? Number.NEGATIVE_INFINITY)) return true;
    this.#takenAt.set(key, this.#clock.now());
    return false;
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
  checkKeys<VideoRendererOptions>(name, options, { videoSource: true, colorFormat: true, colorSpace: true });
  if (options.colorFormat !== undefined) checkColorFormat(options.colorFormat, 'colorFormat');
  if (options.colorSpace !== undefined) checkColorSpace(options.colorSpace, 'colorSpace');
  if (options.videoSource !== undefined) trackOfVideo(options.videoSource);
}

function entry({ frame, end }: VideoTap, options: VideoRendererOptions): Entry {
  checkVideoRenderer('video renderer', options);
  const { colorFormat = 'RGBA', colorSpace } = options;
  return { frame, end, colorFormat, colorSpace };
}

/** The picture as each wants it, in memory that those share who want the same. It is taken over. */
function framesOf(picture: HostPicture, taps: readonly Entry[], timestamp: Micros): readonly VideoFrame[] {
  const { width, height, colorSpace = 'bt601', data } = picture;
  const received = videoFramePool.adopt(
    data,
    { width, height, format: 'I420', colorSpace, timestamp },
    'a participant',
  );
  const frames = new Map<string, VideoFrame>();
  const given = taps.map((tap) => {
    const key = `${tap.colorFormat} ${tap.colorSpace ?? colorSpace}`;
    const frame = frames.get(key) ?? asWanted(received, tap);
    frames.set(key, frame);
    return frame;
  });
  if (!given.includes(received)) received.close();
  return given;
}

/** The received frame itself where nothing has to be changed. */
function asWanted(received: VideoFrame, tap: Entry): VideoFrame {
  const { width, height, timestamp, data } = received;
  const { colorFormat: format, colorSpace = received.colorSpace } = tap;
  if (format === 'I420' && colorSpace === received.colorSpace) return received;
  const frame = videoFramePool.frame({ width, height, format, colorSpace, timestamp }, 'a participant');
  if (format === 'I420') frame.data.set(data);
  else convertColor({ width, height, format: 'I420', colorSpace, data }, frame);
  return frame;
}
