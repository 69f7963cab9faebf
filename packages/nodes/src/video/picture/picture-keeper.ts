import {
  type ColorFormat,
  type ColorSpace,
  describeVideoFormat,
  SluiceError,
  type VideoFormat,
  type VideoFrame,
  videoFramePool,
} from '@sluice/core';
import { convertColor } from '@sluice/core/kernels';

/** The colours that a sink writes; what is left open is taken from the first frame. */
export interface KeptPictureOptions {
  /** How the bytes of a picture lie. Default: as in the first frame. */
  readonly format?: ColorFormat | undefined;
  /** Of I420. Default: the first frame's, or `bt601` if that is not I420. */
  readonly colorSpace?: ColorSpace | undefined;
}

/** Keeps one size, format and colour space from the first frame to the last: colours are converted, sizes refused. */
export class PictureKeeper {
  readonly #options: KeptPictureOptions;
  #kept: (VideoFormat & { readonly colorSpace: ColorSpace }) | undefined;

  constructor(options: KeptPictureOptions) {
    this.#options = options;
  }

  /** What leaves; undefined before the first frame. */
  get format(): (VideoFormat & { readonly colorSpace: ColorSpace }) | undefined {
    return this.#kept;
  }

  /** The frame in the kept format, the frame itself where nothing has to change. Takes the frame over. */
  keep(frame: VideoFrame): VideoFrame {
    this.#kept ??= this.#formatAfter(frame);
    const { width, height, format, colorSpace } = this.#kept;
    if (frame.width !== width || frame.height !== height) {
      frame.close();
      throw sizeChanged(this.#kept, frame);
    }
    if (frame.format === format && (format !== 'I420' || frame.colorSpace === colorSpace)) return frame;
    const converted = videoFramePool.like(frame, { format, colorSpace });
    convertColor(frame, converted);
    frame.close();
    return converted;
  }

  #formatAfter({ width, height, format, colorSpace }: VideoFrame) {
    const first = format === 'I420' ? colorSpace : 'bt601';
    return {
      width,
      height,
      format: this.#options.format ?? format,
      colorSpace: this.#options.colorSpace ?? first,
    };
  }
}

function sizeChanged(kept: VideoFormat, frame: VideoFrame): SluiceError {
  return new SluiceError('SLUICE_VIDEO_SIZE_CHANGED', 'the size of the pictures changed in the middle of a file', {
    expected: describeVideoFormat(kept),
    received: describeVideoFormat(frame),
    fix: 'Put scale before it, or begin another file',
    timestamp: frame.timestamp,
  });
}
