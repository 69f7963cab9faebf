import {
  checkPictureBytes,
  describeVideoFormat,
  invalidArgument,
  micros,
  SluiceError,
  sameVideoFormat,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';

/** The bytes of one picture, rows without padding, or a frame. */
export type PictureInput = Uint8Array | Uint8ClampedArray | VideoFrame;

/**
 * A picture of `format` as the engine wants it: I420 in BT.601, in memory of the pool. Bytes are copied, a frame is taken
 * over, also when it is refused.
 *
 * @throws `SLUICE_FRAME_SHAPE` for another size or format, `TypeError` for what is no picture.
 */
export function enginePicture(input: PictureInput, format: VideoFormat, owner: string): VideoFrame {
  if (!isFrame(input)) return fromBytes(input, format, owner);
  if (sameVideoFormat(input, format)) return inEngineColors(input, owner);
  input.close();
  throw new SluiceError('SLUICE_FRAME_SHAPE', `the frame does not fit ${owner}`, {
    expected: describeVideoFormat(format),
    received: describeVideoFormat(input),
    fix: 'Put scale() and convertColor() before it, or create the device in the size of the frames',
  });
}

/** The frame as the engine wants it; it is taken over. One that is so already is given back as it is. */
export function inEngineColors(frame: VideoFrame, owner: string): VideoFrame {
  // A closed frame throws here, before memory is taken for it.
  const { width, height, format, colorSpace, data } = frame;
  if (format === 'I420' && colorSpace === 'bt601') return frame;
  const picture = blank(frame, owner);
  convertColor({ width, height, format, colorSpace, data }, picture);
  frame.close();
  return picture;
}

function fromBytes(bytes: Uint8Array | Uint8ClampedArray, format: VideoFormat, owner: string): VideoFrame {
  if (!(bytes instanceof Uint8Array || bytes instanceof Uint8ClampedArray))
    throw invalidArgument('frame', 'a Uint8Array with the bytes of a picture, or a VideoFrame', bytes);
  checkPictureBytes(format, bytes.byteLength);
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const picture = blank(format, owner);
  convertColor({ ...format, data }, picture);
  return picture;
}

function blank({ width, height }: VideoFormat, owner: string): VideoFrame {
  return videoFramePool.frame({ width, height, format: 'I420', timestamp: micros(0) }, owner);
}

function isFrame(input: PictureInput): input is VideoFrame {
  const { kind, close, clone } = (input ?? {}) as Partial<VideoFrame>;
  return kind === 'video' && typeof close === 'function' && typeof clone === 'function';
}
