/** A picture with transparency: red, green, blue and alpha a pixel, not premultiplied. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface RasterSize {
  /** Pixels; with one of the two the other follows. Default: the content's own. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}
