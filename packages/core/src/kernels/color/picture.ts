import type { ColorSpace } from '../../media/color-format.ts';
import type { VideoFormat } from '../../media/video-format.ts';

/** Pixels as kernels see them; a `VideoFrame` is one. */
export interface Picture extends VideoFormat {
  readonly data: Uint8Array;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace;
}
