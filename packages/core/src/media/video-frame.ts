import { closedFrame, invalidArgument } from '../errors.ts';
import type { Micros } from '../time/units.ts';
import { type ColorSpace, checkColorSpace } from './color-format.ts';
import type { Utterance } from './frame.ts';
import { detachedName } from './frame-maker.ts';
import { frameObserver } from './frame-observer.ts';
import type { Gap } from './gap.ts';
import { checkPictureBytes, checkVideoFormat, type VideoFormat } from './video-format.ts';
import { VideoMemory } from './video-memory.ts';

/** What a frame says beside its pixels. */
export interface VideoFrameMeta {
  /** Media time at which the picture appears, in microseconds. */
  readonly timestamp: Micros;
  /** How long it is shown, in microseconds; 0 where that is not known. Default 0. */
  readonly duration?: Micros;
  /** What luma and chroma of an I420 picture mean. Default `bt601`. */
  readonly colorSpace?: ColorSpace;
  /** The epoch the frame was made in; 0 outside a graph. */
  readonly epoch?: number;
  /** Media missing right before this frame. */
  readonly gap?: Gap | undefined;
  /** What it is part of. */
  readonly utterance?: Utterance | undefined;
}

/** What {@link videoFrame} makes a frame of. */
export interface VideoFrameInit extends VideoFormat, VideoFrameMeta {
  /** Exactly the picture's bytes, rows without padding, in a buffer of its own. The frame takes the array over. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What may be replaced without touching a pixel. */
export type VideoFrameRetiming = Pick<
  Partial<VideoFrameInit>,
  'timestamp' | 'duration' | 'epoch' | 'gap' | 'utterance'
>;

/**
 * One picture. The receiver owns it: forward it, or `close()` it on the line where it is dropped. Frames are not changed
 * after they were emitted: `clone()` makes a second frame on the same bytes, and whoever wants to draw asks for
 * `writable()`, which copies only if somebody else sees them too. Pooled bytes go back when the last frame is closed.
 */
export class VideoFrame implements VideoFormat {
  readonly kind = 'video';
  readonly width: number;
  readonly height: number;
  readonly format: VideoFormat['format'];
  readonly colorSpace: ColorSpace;
  readonly timestamp: Micros;
  readonly duration: Micros;
  /** Set by the runtime when the frame leaves its source, copied by whatever is derived. */
  epoch: number;
  /** Media missing right before this frame. Set by links that drop, copied by whatever is derived. */
  gap: Gap | undefined;
  /** What it is part of. Kept by whatever is derived and every operator. */
  readonly utterance: Utterance | undefined;
  readonly #memory: VideoMemory;
  #closed = false;

  /** Takes `data`, or a place in a pool, as it is. For bytes from outside there is `videoFrame()`, which checks. */
  constructor(init: Omit<VideoFrameInit, 'data'>, memory: VideoMemory) {
    if (memory === undefined)
      throw invalidArgument('memory', 'what videoFrame() or a pool gives: call videoFrame(init)', memory);
    this.width = init.width;
    this.height = init.height;
    this.format = init.format;
    this.colorSpace = init.colorSpace ?? 'bt601';
    this.timestamp = init.timestamp;
    this.duration = init.duration ?? (0 as Micros);
    this.epoch = init.epoch ?? 0;
    this.gap = init.gap;
    this.utterance = init.utterance;
    this.#memory = memory;
    if (frameObserver.current !== undefined) frameObserver.current.opened(this);
  }

  /** The picture's bytes. To be read only, but for the one who just made or asked for them (`writable()`). */
  get data(): Uint8Array<ArrayBuffer> {
    if (this.#closed) throw closedFrame('read');
    return this.#memory.data;
  }

  /** Whether no other open frame stands on these bytes. */
  get exclusive(): boolean {
    return this.#memory.owners === 1;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** A second frame on the same bytes, for one more receiver. Nothing is copied. */
  clone(): VideoFrame {
    return this.derive({});
  }

  /** A second frame on the same bytes with other times, epoch, gap or utterance. */
  derive(change: VideoFrameRetiming & { readonly colorSpace?: ColorSpace }): VideoFrame {
    if (this.#closed) throw closedFrame('cloned');
    const init = this.#changed(change);
    checkTimestamp(init.timestamp);
    this.#memory.owners++;
    return new VideoFrame(init, this.#memory);
  }

  /** The same bytes under other times, for a receiver further on. This frame is closed. */
  move(change: VideoFrameRetiming): VideoFrame {
    const moved = this.derive(change);
    this.close();
    return moved;
  }

  /**
   * A frame with this picture that may be drawn on: this one if nobody else sees its bytes, else a copy in `pool`, and
   * this one is closed.
   */
  writable(pool: { like(frame: VideoFrame): VideoFrame }): VideoFrame {
    if (this.#closed) throw closedFrame('written to');
    if (this.exclusive) return this;
    const copy = pool.like(this);
    copy.data.set(this.data);
    this.close();
    return copy;
  }

  /**
   * The bytes, for a transfer to another thread; a copy if another frame stands on them. This frame is closed and the
   * bytes never come back to their pool.
   */
  detach(): Uint8Array<ArrayBuffer> {
    const data = this.exclusive ? this.data : this.data.slice();
    this.#close(this.exclusive);
    return data;
  }

  /**
   * Names the node that made the picture in leak reports, unless that is known. The runtime calls it when the frame
   * leaves a node, so that pictures that come out of a promise or a timer have a name too.
   */
  claim(owner: string): void {
    const { maker } = this.#memory;
    if (maker?.owner === detachedName) maker.owner = owner;
  }

  /** Gives the bytes back. Closing twice does nothing. */
  close(): void {
    if (!this.#closed) this.#close(false);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #close(lost: boolean): void {
    this.#closed = true;
    if (frameObserver.current !== undefined) frameObserver.current.closed(this);
    this.#memory.drop(lost);
  }

  #changed(change: VideoFrameRetiming & { readonly colorSpace?: ColorSpace }): Omit<VideoFrameInit, 'data'> {
    const { width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance } = this;
    return { width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance, ...change };
  }
}

/**
 * A checked frame on bytes that come from outside, at most `maxPixels` large (default 4096 x 4096).
 *
 * @throws TypeError and RangeError for what is no format, `SLUICE_FRAME_SHAPE` for bytes that do not fit it.
 */
export function videoFrame(init: VideoFrameInit, maxPixels?: number): VideoFrame {
  const { data } = init;
  checkVideoFormat(init, maxPixels);
  if (!(data instanceof Uint8Array) || !(data.buffer instanceof ArrayBuffer))
    throw invalidArgument('data', 'a Uint8Array, not on shared memory', data);
  checkTimestamp(init.timestamp);
  if (init.duration !== undefined && !(init.duration >= 0 && Number.isFinite(init.duration)))
    throw invalidArgument('duration', 'microseconds, 0 or more', init.duration);
  if (init.colorSpace !== undefined) checkColorSpace(init.colorSpace);
  checkPictureBytes(init, data.length);
  // The engine and worker threads take whole buffers only.
  const whole = data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
  return new VideoFrame(init, new VideoMemory(whole));
}

/** A time that is none would silence whatever compares it with others: NaN is neither before nor after. */
export function checkTimestamp(timestamp: Micros): void {
  if (!Number.isFinite(timestamp)) throw invalidArgument('timestamp', 'microseconds', timestamp);
}
