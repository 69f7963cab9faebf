import {
  type ActorContext,
  type ColorFormat,
  type ColorSpace,
  checkColorSpace,
  checkKeys,
  checkVideoFormat,
  invalidArgument,
  type Source,
  type VideoFrame,
} from '@sluice/core';
import { type ByteSource, byteOpener } from '../formats/byte-io/byte-source.ts';
import { namePath } from '../formats/byte-io/name-path.ts';
import { PicturePuller, type TruncatedPolicy, truncatedPolicies } from '../formats/picture-puller.ts';
import { RawVideoReader } from '../formats/raw-video-reader.ts';
import { checkChoice } from '../options/check-option.ts';
import { exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { checkLoop } from '../options/play-count.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** What the bytes of {@link fromRawVideo} are. */
export interface FromRawVideoOptions extends LiveOptions {
  /** Pixels. The bytes do not say it. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Default I420. */
  readonly format?: ColorFormat | undefined;
  /** Frames per second; 29.97 means exactly 30000/1001. Default 30. */
  readonly frameRate?: FrameRate | undefined;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace | undefined;
  /** Plays a file again without a gap: for ever, or this many times in all. Timestamps go on. Default: once. */
  readonly loop?: boolean | number | undefined;
  /** What happens when the bytes end inside a frame. Default `drop`: it is left out and reported. */
  readonly truncated?: TruncatedPolicy | undefined;
}

/**
 * Reads pictures that follow each other without a header, rows without padding, from a file or any Node stream,
 * `process.stdin` too.
 *
 * A stream is read only while everything downstream has room, so that its own back-pressure reaches the writer; chunks
 * may be cut anywhere. Each frame is read straight into pooled memory. Timestamps follow from the frame's index by the
 * exact rate. A stream can be read once; an early end destroys it. Latency: one frame.
 *
 * Errors: `SLUICE_FILE_READ`, `SLUICE_STREAM_READ`, `SLUICE_RAW_VIDEO_PARTIAL` (reported, unless `truncated` is
 * `error`).
 *
 * @example
 * ```ts
 * import { fromRawVideo, toY4mFile } from '@sluice/nodes';
 *
 * // ffmpeg -i clip.mp4 -f rawvideo -pix_fmt rgba -s 640x360 -r 25 - | node clip.ts
 * const format = { width: 640, height: 360, format: 'RGBA', frameRate: 25 } as const;
 * fromRawVideo(process.stdin, format).subscribe(toY4mFile('clip.y4m'));
 * ```
 * @param source - A path or a `file:` URL of a regular file, or a Node stream of bytes.
 * @see fromY4mFile for files with a header, toRawVideo for the way back.
 */
export function fromRawVideo(source: ByteSource, options: FromRawVideoOptions): Source<VideoFrame> {
  checkKeys<FromRawVideoOptions>('fromRawVideo', options, {
    ...liveKeys,
    width: true,
    height: true,
    format: true,
    frameRate: true,
    colorSpace: true,
    loop: true,
    truncated: true,
  });
  const { width, height, format = 'I420', frameRate = 30, colorSpace = 'bt601' } = options;
  const { live, loop = false, truncated = 'drop' } = options;
  const bytes = byteOpener(source);
  const video = { width, height, format };
  checkVideoFormat(video);
  checkColorSpace(colorSpace);
  const rate = exactFrameRate(frameRate);
  const plays = checkLoop(loop);
  if (plays > 1 && bytes.path === undefined) throw invalidArgument('loop', 'false, for a stream is read once', loop);
  checkChoice('truncated', truncated, truncatedPolicies);
  const open = async (context: ActorContext) => {
    const opened = await bytes.open().catch((error: unknown) => {
      throw namePath(bytes.path, error);
    });
    const puller = { format: { ...video, colorSpace }, rate, plays, truncated, path: bytes.path };
    return new PicturePuller(new RawVideoReader(opened), puller, context);
  };
  return frameSource({ name: 'fromRawVideo', format: { kind: 'video', ...video } }, live, open);
}
