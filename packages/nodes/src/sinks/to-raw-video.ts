import {
  type ColorFormat,
  checkColorFormat,
  checkColorSpace,
  checkKeys,
  createSink,
  type Sink,
  type SinkWriter,
  type VideoFrame,
} from '@sluice/core';
import { type ByteTarget, type ByteTargetOptions, byteTarget } from '../formats/byte-io/byte-target.ts';
import type { ByteWriter } from '../formats/byte-io/byte-writer.ts';
import { type KeptPictureOptions, PictureKeeper } from '../video/picture/picture-keeper.ts';

/** The format of what is written: that of the first frame unless it is named. */
export interface ToRawVideoOptions extends KeptPictureOptions, ByteTargetOptions {}

/** What `toRawVideo` has written. */
export interface RawVideoResult {
  /** Pictures that were written. */
  readonly frames: number;
  /** Bytes that were written. */
  readonly bytes: number;
  /** What a reader has to know; undefined if no frame came. */
  readonly width: number | undefined;
  /** Pixels, as `width`. */
  readonly height: number | undefined;
  /** How the bytes of a picture lie; undefined if no frame came. */
  readonly format: ColorFormat | undefined;
}

/**
 * Writes the bytes of each picture, without a header and in order, to a file or any Node stream.
 *
 * The target's back-pressure holds the graph back; files, sockets and pipes copy nothing. The reader must know size,
 * format and rate: they are those of the first frame, colours of others are converted. Timestamps are lost and gaps are
 * not filled: `toY4mFile` does that. Node writes to a pipe as standard output without returning before the reader has
 * taken it: where nothing may wait, give the path `/dev/stdout` instead (in a pipe of the shell). A file of the same
 * name is overwritten. Latency: none.
 *
 * `finished` rejects with `SLUICE_VIDEO_SIZE_CHANGED` when the size changes, `SLUICE_FILE_WRITE`, `SLUICE_STREAM_CLOSED`
 * when the reader has gone, `SLUICE_STREAM_WRITE` when the stream fails otherwise. An abort destroys a stream that
 * would have been ended.
 *
 * @example
 * ```ts
 * import { fromTestPattern, toRawVideo } from '@sluice/nodes';
 *
 * // node pattern.ts | ffplay -f rawvideo -pixel_format rgba -video_size 640x360 -framerate 30 -
 * const pattern = fromTestPattern({ width: 640, height: 360, format: 'RGBA', duration: 10 });
 * pattern.subscribe(toRawVideo(process.stdout));
 * ```
 * @param target - A path, a `file:` URL or a Node stream.
 * @see fromRawVideo for the way back.
 */
export function toRawVideo(target: ByteTarget, options: ToRawVideoOptions = {}): Sink<VideoFrame, RawVideoResult> {
  checkKeys<ToRawVideoOptions>('toRawVideo', options, { format: true, colorSpace: true, end: true });
  const bytes = byteTarget(target, options);
  if (options.format !== undefined) checkColorFormat(options.format);
  if (options.colorSpace !== undefined) checkColorSpace(options.colorSpace);
  return createSink({
    name: 'toRawVideo',
    accepts: { kind: 'video', ...(options.format === undefined ? {} : { format: options.format }) },
    external: true,
    open: async () => new RawVideoSink(await bytes.open(), new PictureKeeper(options)),
  });
}

class RawVideoSink implements SinkWriter<VideoFrame, RawVideoResult> {
  readonly #writer: ByteWriter;
  readonly #keeper: PictureKeeper;
  #frames = 0;

  constructor(writer: ByteWriter, keeper: PictureKeeper) {
    this.#writer = writer;
    this.#keeper = keeper;
  }

  async write(frame: VideoFrame): Promise<void> {
    const kept = this.#keeper.keep(frame);
    try {
      await this.#writer.write([kept.data]);
      this.#frames++;
    } finally {
      kept.close();
    }
  }

  async end(): Promise<RawVideoResult> {
    await this.#writer.end();
    const { width = undefined, height = undefined, format = undefined } = this.#keeper.format ?? {};
    return { frames: this.#frames, bytes: this.#writer.bytes, width, height, format };
  }

  abort(): void | Promise<void> {
    return this.#writer.abort();
  }
}
