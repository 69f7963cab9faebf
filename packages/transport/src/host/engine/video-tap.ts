import type { ColorSpace } from '@sluice/core';
import { convertColor, shrinkI420 } from '@sluice/core/kernels';
import type { HostPicture, VideoSendSettings } from '../media-host.ts';
import type { EngineVideoInput, MediaTrack } from './wrtc.ts';

/**
 * The way of pictures to one track. The engine takes `maxFramerate` and then does not follow it, and refuses to change
 * anything of a track that is being sent, so pictures are dropped and made smaller here, where it can change at any time.
 */
export class VideoTap {
  readonly track: MediaTrack;
  readonly #input: EngineVideoInput;
  readonly #onClose: () => void;
  #settings: VideoSendSettings;
  #due = Number.NEGATIVE_INFINITY;
  #small: HostPicture | undefined;
  #colors: ColorSpace = 'bt601';
  #recolored: HostPicture | undefined;

  constructor(input: EngineVideoInput, settings: VideoSendSettings, onClose: () => void) {
    this.#input = input;
    this.#settings = settings;
    this.#onClose = onClose;
    this.track = input.createTrack();
  }

  configure(settings: VideoSendSettings): void {
    this.#settings = settings;
  }

  /** The colour space that is sent, after that of the codec was negotiated. */
  sendColors(colors: ColorSpace): void {
    this.#colors = colors;
    // Most sources have these already, and need no memory for others.
    if (colors === 'bt601') this.#recolored = undefined;
  }

  /** Sends a picture that came at `now`, in milliseconds, unless it is one too many. */
  take(picture: HostPicture, now: number): void {
    const { maxFramerate, scaleResolutionDownBy = 1 } = this.#settings;
    if (maxFramerate !== undefined && !this.#isDue(now, 1000 / maxFramerate)) return;
    const { colorSpace = 'bt601' } = picture;
    const sized = scaleResolutionDownBy > 1 ? this.#shrink(picture, scaleResolutionDownBy) : picture;
    this.#input.onFrame(colorSpace === this.#colors ? sized : this.#recolor(sized, colorSpace));
  }

  close(): void {
    this.track.stop();
    this.#onClose();
  }

  /** A picture that comes a little early is the one that was due: sources are not exact. */
  #isDue(now: number, interval: number): boolean {
    if (now < this.#due - interval / 4) return false;
    // After a pause the schedule begins anew.
    this.#due = now - this.#due > interval ? now + interval : this.#due + interval;
    return true;
  }

  #shrink(picture: HostPicture, by: number): HostPicture {
    // Even sizes, as encoders like them.
    const width = Math.max(2, Math.round(picture.width / by / 2) * 2);
    const height = Math.max(2, Math.round(picture.height / by / 2) * 2);
    if (width >= picture.width || height >= picture.height) return picture;
    if (this.#small?.width !== width || this.#small.height !== height) {
      const bytes = width * height + 2 * (width >> 1) * (height >> 1);
      this.#small = { width, height, data: new Uint8Array(bytes) };
    }
    shrinkI420(picture, this.#small);
    return this.#small;
  }

  #recolor(picture: HostPicture, colorSpace: ColorSpace): HostPicture {
    const { width, height } = picture;
    if (this.#recolored?.width !== width || this.#recolored.height !== height)
      this.#recolored = { width, height, data: new Uint8Array(picture.data.length) };
    const recolored = this.#recolored;
    convertColor(
      { width, height, format: 'I420', colorSpace, data: picture.data },
      { width, height, format: 'I420', colorSpace: this.#colors, data: recolored.data },
    );
    return recolored;
  }
}
