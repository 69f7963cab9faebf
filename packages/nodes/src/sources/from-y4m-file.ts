import {
  type ActorContext,
  type ColorSpace,
  checkColorSpace,
  checkKeys,
  defaultMaxPixels,
  invalidArgument,
  SluiceError,
  type Source,
  type VideoFrame,
} from '@sluice/core';
import { type ByteSource, byteOpener } from '../formats/byte-io/byte-source.ts';
import { namePath } from '../formats/byte-io/name-path.ts';
import { PicturePuller, type TruncatedPolicy, truncatedPolicies } from '../formats/picture-puller.ts';
import { y4mDoubts } from '../formats/y4m/y4m-doubts.ts';
import { Y4mReader } from '../formats/y4m/y4m-reader.ts';
import { checkChoice, checkNumber } from '../options/check-option.ts';
import { exactFrameRate, type FrameRate } from '../options/exact-frame-rate.ts';
import { checkLoop } from '../options/play-count.ts';
import { frameSource, type LiveOptions, liveKeys } from './live-source.ts';

/** Which part of a file {@link fromY4mFile} plays, how often and how fast. */
export interface FromY4mFileOptions extends LiveOptions {
  /** Plays the file again without a gap: for ever, or this many times in all. Timestamps go on. Default: once. */
  readonly loop?: boolean | number | undefined;
  /** Frames per second, instead of what the file says. Needed for a file that does not know it. */
  readonly frameRate?: FrameRate | undefined;
  /** What luma and chroma mean, instead of what the file says. */
  readonly colorSpace?: ColorSpace | undefined;
  /** The largest picture that is read, in pixels. Default 4096 x 4096. */
  readonly maxPixels?: number | undefined;
  /** What happens when the file ends inside a frame. Default `drop`: it is left out and reported. */
  readonly truncated?: TruncatedPolicy | undefined;
}

/**
 * Reads uncompressed video in a Y4M (YUV4MPEG2) file, or from a stream of one: `process.stdin`, the output of a decoder.
 *
 * Frames are I420, read one by one straight into pooled memory, however long the file is, and as fast as the slowest
 * sink takes them, or with `live` on the clock. Chroma of 4:2:0 is taken as it is, whatever its siting; 4:2:2, 4:4:4 and
 * mono are brought to it; more than 8 bits, alpha, 4:1:1 and interlaced files are refused. `XCOLORRANGE=FULL` gives
 * `bt601-full`, anything else `bt601`; `XMATRIX=709`, as `toY4mFile` writes it, BT.709. From 720 lines up a file that
 * does not say its matrix is reported (`SLUICE_Y4M_GUESSED`): give `colorSpace`. So are pixels that are not square, which
 * frames do not carry. What FRAME lines say is ignored. Timestamps start at 0 and follow from the frame's index by the
 * exact rate. Adds no latency.
 *
 * Errors: `SLUICE_FILE_READ`, `SLUICE_STREAM_READ`, `SLUICE_Y4M_NOT_Y4M`, `SLUICE_Y4M_HEADER`, `SLUICE_Y4M_UNSUPPORTED`,
 * `SLUICE_Y4M_FRAME`, `SLUICE_Y4M_TRUNCATED`; reported: `SLUICE_Y4M_GUESSED`.
 *
 * @example
 * ```ts
 * import { fromY4mFile, toNull } from '@sluice/nodes';
 *
 * // ffmpeg -i clip.mp4 -pix_fmt yuv420p clip.y4m
 * fromY4mFile('clip.y4m', { live: true, loop: true }).subscribe(toNull());
 * ```
 * @param source - A path or a `file:` URL of a regular file, or a Node stream of bytes, which is read once.
 * @see fromRawVideo for frames without a header, toY4mFile for the way back.
 */
export function fromY4mFile(source: ByteSource, options: FromY4mFileOptions = {}): Source<VideoFrame> {
  checkKeys<FromY4mFileOptions>('fromY4mFile', options, {
    ...liveKeys,
    loop: true,
    frameRate: true,
    colorSpace: true,
    maxPixels: true,
    truncated: true,
  });
  const { live, loop = false, frameRate, colorSpace, maxPixels = defaultMaxPixels, truncated = 'drop' } = options;
  const bytes = byteOpener(source);
  const plays = checkLoop(loop);
  if (plays > 1 && bytes.path === undefined) throw invalidArgument('loop', 'false, for a stream is read once', loop);
  const rate = frameRate === undefined ? undefined : exactFrameRate(frameRate);
  if (colorSpace !== undefined) checkColorSpace(colorSpace);
  checkNumber('maxPixels', maxPixels, { min: 1, max: 2 ** 28, unit: 'pixels', integer: true });
  checkChoice('truncated', truncated, truncatedPolicies);

  const openReader = async () => {
    try {
      const reader = await Y4mReader.open(await bytes.open(), maxPixels);
      const known = rate ?? reader.header.frameRate;
      if (known !== undefined) return { reader, rate: known };
      await reader.close();
      throw new SluiceError('SLUICE_Y4M_HEADER', 'the Y4M file does not say its frame rate', {
        expected: 'a frame rate as F30000:1001',
        fix: 'Give the option frameRate',
      });
    } catch (error) {
      throw namePath(bytes.path, error);
    }
  };
  const open = async (context: ActorContext) => {
    const { reader, rate } = await openReader();
    for (const doubt of y4mDoubts(reader.header, colorSpace !== undefined)) context.report(doubt);
    const { width, height } = reader.header;
    const format = { width, height, format: 'I420', colorSpace: colorSpace ?? reader.header.colorSpace } as const;
    return new PicturePuller(reader, { format, rate, plays, truncated, path: bytes.path }, context);
  };
  const prepare = async () => {
    const { reader } = await openReader();
    await reader.close();
    const { width, height } = reader.header;
    return { kind: 'video', width, height, format: 'I420' } as const;
  };
  // What a stream says is known when it is read, and it is read once.
  return frameSource({ name: 'fromY4mFile', ...(bytes.path === undefined ? {} : { prepare }) }, live, open);
}
