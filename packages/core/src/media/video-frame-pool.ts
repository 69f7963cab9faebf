import { checkKeys } from '../check-keys.ts';
import { closedFrame, invalidArgument, outOfRange } from '../errors.ts';
import { frameMaker } from './frame-maker.ts';
import type { VideoFormat } from './video-format.ts';
import { checkPictureBytes, checkVideoFormat, videoByteLength } from './video-format.ts';
import { checkTimestamp, VideoFrame, type VideoFrameMeta } from './video-frame.ts';
import { type PictureMaker, VideoMemory } from './video-memory.ts';

/** How much memory a {@link VideoFramePool} keeps. */
export interface VideoFramePoolOptions {
  /** Bytes that may lie idle; what was not used for longest goes first. Default 256 MiB. */
  readonly maxIdleBytes?: number;
}

/** What a {@link VideoFramePool} was asked for, and what it holds. */
export interface VideoFramePoolStats {
  /** Pictures asked for, and those of them that needed new memory. */
  readonly requests: number;
  /** Those of the requests that needed new memory. */
  readonly misses: number;
  /** Memory out with frames, and the most there ever was. */
  readonly openBuffers: number;
  /** Bytes out with frames. */
  readonly openBytes: number;
  /** The most bytes that were out with frames at once. */
  readonly highestBytes: number;
  /** Buffers that wait to be used again. */
  readonly idleBuffers: number;
  /** Bytes of these. */
  readonly idleBytes: number;
  /** Frames that were thrown away without `close()`, by the node that made them. Known once the garbage is collected. */
  readonly leaked: Readonly<Record<string, number>>;
}

const defaultMaxIdleBytes = 256 * 1024 * 1024;

/**
 * Memory for pictures, reused by exact size: allocating a 1080p picture costs milliseconds, reusing one next to nothing.
 * Everybody uses `videoFramePool` unless there is a reason for another. Bytes are not cleared: a new frame shows what
 * was there before until it is drawn.
 *
 * @example
 * const grey = videoFramePool.frame({ width: 640, height: 360, format: 'I420', timestamp: micros(0) });
 * grey.data.fill(128);
 */
export class VideoFramePool {
  readonly #maxIdleBytes: number;
  /** By byte length; the size that was used last is last. */
  readonly #idle = new Map<number, Uint8Array<ArrayBuffer>[]>();
  readonly #leaked: Record<string, number> = {};
  /** Told when memory is collected that nobody gave back; the token dies with it. */
  readonly #lost: FinalizationRegistry<PictureMaker>;
  #requests = 0;
  #misses = 0;
  #openBuffers = 0;
  #openBytes = 0;
  #highestBytes = 0;
  #idleBuffers = 0;
  #idleBytes = 0;

  constructor(options: VideoFramePoolOptions = {}) {
    checkKeys<VideoFramePoolOptions>('VideoFramePool', options, { maxIdleBytes: true });
    const { maxIdleBytes = defaultMaxIdleBytes } = options;
    if (!(maxIdleBytes >= 0)) throw outOfRange('maxIdleBytes', '0 or more bytes', maxIdleBytes);
    this.#maxIdleBytes = maxIdleBytes;
    this.#lost = new FinalizationRegistry(({ owner, bytes }) => {
      this.#leaked[owner] = (this.#leaked[owner] ?? 0) + 1;
      this.#openBuffers--;
      this.#openBytes -= bytes;
    });
  }

  /**
   * A frame whose pixels are yours to draw. `owner` names who made it; default: the node that runs right now, else the
   * one that it leaves first. How many pixels a picture from outside may have is for the source to say.
   *
   * @throws TypeError and RangeError for what is no size, format or time.
   */
  frame(init: VideoFormat & VideoFrameMeta, owner: string = frameMaker.name()): VideoFrame {
    checkVideoFormat(init, Number.POSITIVE_INFINITY);
    checkTimestamp(init.timestamp);
    return new VideoFrame(init, this.#take(videoByteLength(init), owner));
  }

  /**
   * A frame to be drawn with the time, epoch, gap and utterance of another one, and its format but for what `change` names.
   *
   * @throws `SLUICE_FRAME_CLOSED` if there is nothing to draw it from any more.
   */
  like(frame: VideoFrame, change: Partial<VideoFormat & VideoFrameMeta> = {}, owner?: string): VideoFrame {
    if (frame.closed) throw closedFrame('redrawn');
    const { width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance } = frame;
    const init = { width, height, format, colorSpace, timestamp, duration, epoch, gap, utterance };
    return this.frame({ ...init, ...change }, owner);
  }

  /**
   * A frame on bytes that come from elsewhere, exactly its picture in a buffer of its own; they stay in this pool when it
   * is closed.
   *
   * @throws TypeError and RangeError for what is no size, format or time, `SLUICE_FRAME_SHAPE` for bytes that do not fit it.
   */
  adopt(
    data: Uint8Array<ArrayBuffer>,
    init: VideoFormat & VideoFrameMeta,
    owner: string = frameMaker.name(),
  ): VideoFrame {
    checkVideoFormat(init, Number.POSITIVE_INFINITY);
    checkTimestamp(init.timestamp);
    checkPictureBytes(init, data.byteLength);
    if (data.byteLength !== data.buffer.byteLength)
      throw invalidArgument('data', 'a whole buffer, not a part of one', data);
    return new VideoFrame(init, this.#open(data, owner));
  }

  get stats(): VideoFramePoolStats {
    return {
      requests: this.#requests,
      misses: this.#misses,
      openBuffers: this.#openBuffers,
      openBytes: this.#openBytes,
      highestBytes: this.#highestBytes,
      idleBuffers: this.#idleBuffers,
      idleBytes: this.#idleBytes,
      leaked: { ...this.#leaked },
    };
  }

  /** Lets go of idle memory. */
  clear(): void {
    this.#idle.clear();
    this.#idleBuffers = 0;
    this.#idleBytes = 0;
  }

  #take(bytes: number, owner: string): VideoMemory {
    this.#requests++;
    return this.#open(this.#reuse(bytes) ?? this.#allocate(bytes), owner);
  }

  #open(data: Uint8Array<ArrayBuffer>, owner: string): VideoMemory {
    const bytes = data.byteLength;
    this.#openBuffers++;
    this.#openBytes += bytes;
    if (this.#openBytes > this.#highestBytes) this.#highestBytes = this.#openBytes;
    // A new object each time: when it is collected while open, its bytes are lost with it.
    const maker = { owner, bytes };
    const memory = new VideoMemory(data, this.#giveBack, maker);
    this.#lost.register(memory, maker, memory);
    return memory;
  }

  #allocate(bytes: number): Uint8Array<ArrayBuffer> {
    this.#misses++;
    return new Uint8Array(bytes);
  }

  #reuse(bytes: number): Uint8Array<ArrayBuffer> | undefined {
    const data = this.#idle.get(bytes)?.pop();
    if (data === undefined) return undefined;
    this.#idleBuffers--;
    this.#idleBytes -= bytes;
    return data;
  }

  #giveBack = (memory: VideoMemory, lost: boolean): void => {
    const bytes = memory.data.byteLength;
    this.#lost.unregister(memory);
    this.#openBuffers--;
    this.#openBytes -= bytes;
    if (lost || bytes > this.#maxIdleBytes) return;
    const idle = this.#idle.get(bytes) ?? [];
    this.#idle.delete(bytes);
    this.#idle.set(bytes, idle);
    idle.push(memory.data);
    this.#idleBuffers++;
    this.#idleBytes += bytes;
    while (this.#idleBytes > this.#maxIdleBytes) this.#evict();
  };

  /** Gives up one picture of the size that was not used for longest. */
  #evict(): void {
    for (const [bytes, idle] of this.#idle) {
      if (idle.pop() === undefined) this.#idle.delete(bytes);
      else {
        this.#idleBuffers--;
        this.#idleBytes -= bytes;
        return;
      }
    }
  }
}

/** The pool of this thread, which everybody uses: 256 MiB of idle pictures at most. Its `stats` say whose pictures were never closed. */
export const videoFramePool = new VideoFramePool();
