import type { Clock } from '@sluice/core';
import { hostClosed } from '../host-errors.ts';
import type { HostPicture, HostVideoSource, HostVideoSourceOptions, VideoSendSettings } from '../media-host.ts';
import { checkPicture } from '../picture-limits.ts';
import { VideoTap } from './video-tap.ts';
import type { Wrtc } from './wrtc.ts';

/** Pictures on their way to tracks of the engine: each track has a tap of its own, which may send fewer and smaller ones. */
export class EngineVideoSource implements HostVideoSource {
  readonly id: number;
  readonly #screen: boolean;
  readonly #wrtc: Wrtc;
  readonly #clock: Clock;
  readonly #onClose: () => void;
  readonly #taps = new Set<VideoTap>();
  #closed = false;

  constructor(id: number, options: HostVideoSourceOptions, wrtc: Wrtc, clock: Clock, onClose: () => void) {
    this.id = id;
    this.#screen = options.screen;
    this.#wrtc = wrtc;
    this.#clock = clock;
    this.#onClose = onClose;
  }

  /** A way to one more track. */
  open(settings: VideoSendSettings): VideoTap {
    if (this.#closed) throw hostClosed(`video source ${this.id}`);
    const input = new this.#wrtc.nonstandard.RTCVideoSource({ isScreencast: this.#screen });
    const tap = new VideoTap(input, settings, () => this.#taps.delete(tap));
    this.#taps.add(tap);
    return tap;
  }

  write(picture: HostPicture, taken: () => void): void {
    try {
      if (this.#closed) throw hostClosed(`video source ${this.id}`);
      checkPicture(picture);
      const now = this.#clock.now();
      for (const tap of this.#taps) tap.take(picture, now);
    } finally {
      taken();
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const tap of [...this.#taps]) tap.close();
    this.#onClose();
  }
}
