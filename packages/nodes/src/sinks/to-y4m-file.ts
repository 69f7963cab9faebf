import {
  type ColorSpace,
  checkColorSpace,
  checkKeys,
  createSink,
  type Sink,
  type SinkWriter,
  type VideoFrame,
} from '@sluice/core';
import { type ByteTarget, type ByteTargetOptions, byteTarget } from '../formats/byte-io/byte-target.ts';
import type { ByteWriter } from '../formats/byte-io/byte-writer.ts';
import { formatY4mHeader } from '../formats/y4m/y4m-header.ts';
import { checkChoice } from '../options/check-option.ts';
import {
  type ExactFrameRate,
  exactFrameRate,
  type FrameRate,
  frameRateOfDuration,
} from '../options/exact-frame-rate.ts';
import { FrameCadence } from '../video/picture/frame-cadence.ts';
import { PictureKeeper } from '../video/picture/picture-keeper.ts';

const y4mCadences = ['constant', 'as-is'] as const;
/** `constant`: frames are repeated and dropped by their timestamps; `as-is`: each is written once. */
export type Y4mCadence = (typeof y4mCadences)[number];

/** Rate and bounds of the file that {@link toY4mFile} writes. */
export interface ToY4mFileOptions extends ByteTargetOptions {
  /**
   * Frames per second in the file. Default: by the duration of the first frame; else by the time between the first two,
   * to a whole number up to 1,000; else 30.
   */
  readonly frameRate?: FrameRate | undefined;
  /** How timestamps come to the constant rate of the file. Default `constant`. */
  readonly cadence?: Y4mCadence | undefined;
  /** What luma and chroma mean. Default: what they do in the first frame, `bt601` if that is not I420. */
  readonly colorSpace?: ColorSpace | undefined;
}

/** What `toY4mFile` has written. */
export interface Y4mFileResult {
  /** Undefined if it went to a stream. */
  readonly path: string | undefined;
  /** Frames in the file. */
  readonly frames: number;
  /** Frames that came. */
  readonly received: number;
  /** Frames in the file that stand for missing ones. */
  readonly repeated: number;
  /** Frames that came too late, or too close to another. */
  readonly dropped: number;
  /** Steps in the timestamps that were closed up: back by over a second, or a hole of over a minute. */
  readonly jumps: number;
  /** Bytes that were written. */
  readonly bytes: number;
  /** Of the file; undefined if no frame came. */
  readonly frameRate: ExactFrameRate | undefined;
  /** Pixels; undefined if no frame came. */
  readonly width: number | undefined;
  /** Pixels; undefined if no frame came. */
  readonly height: number | undefined;
}

/**
 * Writes uncompressed video as Y4M (YUV4MPEG2, 4:2:0 with 8 bits): nearly every video tool reads it.
 *
 * Other colour formats are converted. The file has one size, that of the first frame, and one rate; with the cadence
 * `constant` each frame takes the slot nearest to its timestamp, the one before it is repeated up to there, and of two
 * in one slot the nearer one stays, so that the file keeps the timeline; the result counts what was repeated and
 * dropped. The file is valid at any moment: after a crash it holds whole frames and at most a part of one, which
 * readers leave out; the last frame is written at the end. Without a frame it is empty. Writes never block the event
 * loop (but see `toRawVideo` on standard output); when the disk is too slow, the graph is held back. A file of the same
 * name is overwritten, from the first frame on. Latency: one frame.
 *
 * `finished` rejects with `SLUICE_VIDEO_SIZE_CHANGED` when the size changes, which names both, `SLUICE_FILE_WRITE`,
 * `SLUICE_STREAM_CLOSED` and `SLUICE_STREAM_WRITE`.
 *
 * @example
 * ```ts
 * import { fromTestPattern, toY4mFile } from '@sluice/nodes';
 *
 * const file = toY4mFile('pattern.y4m');
 * fromTestPattern({ duration: 2 }).subscribe(file);
 * const { frames, frameRate } = await file.finished; // 60, { numerator: 30, denominator: 1 }
 * ```
 * @param target - A path, a `file:` URL or a Node stream.
 * @see fromY4mFile for the way back, toRawVideo for frames without a header.
 */
export function toY4mFile(target: ByteTarget, options: ToY4mFileOptions = {}): Sink<VideoFrame, Y4mFileResult> {
  checkKeys<ToY4mFileOptions>('toY4mFile', options, { frameRate: true, cadence: true, colorSpace: true, end: true });
  const { frameRate, cadence = 'constant', colorSpace } = options;
  const bytes = byteTarget(target, options);
  const rate = frameRate === undefined ? undefined : exactFrameRate(frameRate);
  checkChoice('cadence', cadence, y4mCadences);
  if (colorSpace !== undefined) checkColorSpace(colorSpace);
  return createSink({
    name: 'toY4mFile',
    accepts: { kind: 'video', format: 'I420' },
    external: true,
    open: async () => {
      const keeper = new PictureKeeper({ format: 'I420', colorSpace });
      return new Y4mSink(bytes.path, await bytes.open(), keeper, rate, cadence);
    },
  });
}

const frameLine = new TextEncoder().encode('FRAME\n');

class Y4mSink implements SinkWriter<VideoFrame, Y4mFileResult> {
  readonly #path: string | undefined;
  readonly #writer: ByteWriter;
  readonly #keeper: PictureKeeper;
  readonly #cadence: Y4mCadence;
  #rate: ExactFrameRate | undefined;
  #slots: FrameCadence | undefined;
  /** Waits for the next one, which says how often it is shown. */
  #held: VideoFrame | undefined;
  #aborted = false;
  #frames = 0;
  #received = 0;
  #repeated = 0;
  #dropped = 0;

  constructor(
    path: string | undefined,
    writer: ByteWriter,
    keeper: PictureKeeper,
    rate: ExactFrameRate | undefined,
    cadence: Y4mCadence,
  ) {
    this.#path = path;
    this.#writer = writer;
    this.#keeper = keeper;
    this.#rate = rate;
    this.#cadence = cadence;
  }

  write(frame: VideoFrame): void | Promise<void> {
    this.#received++;
    const kept = this.#keeper.keep(frame);
    const held = this.#held;
    if (held === undefined) {
      this.#held = kept;
      return;
    }
    this.#begin(held, kept);
    const placement = this.#slots?.place(kept.timestamp, held.duration) ?? { type: 'next', shown: 1 };
    if (placement.type === 'drop') kept.close();
    else this.#held = kept;
    if (placement.type === 'next') return this.#put(held, placement.shown);
    this.#dropped++;
    if (placement.type === 'replace') held.close();
  }

  async end(): Promise<Y4mFileResult> {
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) {
      this.#begin(held);
      const shown = this.#slots?.last(held.timestamp, held.duration) ?? 1;
      if (shown === 0) this.#dropped++;
      await this.#put(held, shown);
    }
    await this.#writer.end();
    const { width = undefined, height = undefined } = this.#keeper.format ?? {};
    return {
      path: this.#path,
      frames: this.#frames,
      received: this.#received,
      repeated: this.#repeated,
      dropped: this.#dropped,
      jumps: this.#slots?.jumps ?? 0,
      bytes: this.#writer.bytes,
      frameRate: this.#frames === 0 ? undefined : this.#rate,
      width,
      height,
    };
  }

  abort(): void | Promise<void> {
    this.#aborted = true;
    this.#held?.close();
    this.#held = undefined;
    return this.#writer.abort();
  }

  /** Settles the rate, from the first frame and the one after it. */
  #begin(first: VideoFrame, second?: VideoFrame): void {
    this.#rate ??= rateOf(first, second);
    if (this.#cadence === 'constant') this.#slots ??= new FrameCadence(this.#rate, first.timestamp);
  }

  /** Writes a frame as often as it is shown, and closes it. */
  async #put(frame: VideoFrame, times: number): Promise<void> {
    try {
      for (let time = 0; time < times && !this.#aborted; time++) {
        await this.#writer.write([...(this.#frames === 0 ? [this.#header()] : []), frameLine, frame.data]);
        this.#frames++;
        if (time > 0) this.#repeated++;
      }
    } finally {
      frame.close();
    }
  }

  #header(): Uint8Array {
    const { width, height, colorSpace } = this.#keeper.format!;
    return new TextEncoder().encode(formatY4mHeader({ width, height, frameRate: this.#rate!, colorSpace }));
  }
}

function rateOf(first: VideoFrame, second: VideoFrame | undefined): ExactFrameRate {
  if (first.duration > 0) return frameRateOfDuration(first.duration);
  const between = second === undefined ? 0 : second.timestamp - first.timestamp;
  if (between <= 0) return exactFrameRate(30);
  if (between > 1_000_000) return frameRateOfDuration(between);
  return exactFrameRate(Math.min(Math.round(1_000_000 / between), 1_000));
}
