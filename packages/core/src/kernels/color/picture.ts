import type { ColorSpace } from '../../media/color-format.ts';
import type { VideoFormat } from '../../media/video-format.ts';

/** Pixels as kernels see them; a `VideoFrame` is one. */
export interface Picture extends VideoFormat {
  /**
   * The bytes, `videoByteLength` of them: rows from top to bottom without padding; of I420 all of Y, then U, then V.
   */
  readonly data: Uint8Array;
  /** Of I420. Default `bt601`. */
  readonly colorSpace?: ColorSpace;
}
